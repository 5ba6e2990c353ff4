/* Chosen files: shown with size and a small picture, checked against the limits, removable one by one.
   Choosing again adds to what is there. Where the browser cannot do that, its own control remains as it is. */
(function () {
  'use strict';

  var MB = 1024 * 1024;

  function sizeText(bytes) {
    return bytes >= MB ? (bytes / MB).toFixed(1) + 'MB' : Math.max(1, Math.round(bytes / 1024)) + 'KB';
  }

  function put(input, files) {
    try {
      var transfer = new DataTransfer();
      files.forEach(function (file) { transfer.items.add(file); });
      input.files = transfer.files;
      return true;
    } catch (error) {
      return false;
    }
  }

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) { made.className = className; }
    if (text) { made.textContent = text; }
    return made;
  }

  function complaint(input, files) {
    var each = Number(input.dataset.eachMb), total = Number(input.dataset.totalMb), most = Number(input.dataset.most);
    var sum = files.reduce(function (bytes, file) { return bytes + file.size; }, 0);
    if (files.length > most) { return '最多再选' + most + '个文件，请移除多余的。'; }
    if (files.some(function (file) { return file.size > each * MB; })) { return '有文件超过' + each + 'MB，请移除或改小后再选。'; }
    if (sum > total * MB) { return '文件合计' + sizeText(sum) + '，超过' + total + 'MB，请移除一部分。'; }
    return '';
  }

  function line(input, files, file, index) {
    var item = element('li');
    if (/^image\/(jpeg|png|gif|webp)$/.test(file.type) && file.size < 20 * MB) {
      var picture = element('img');
      picture.alt = '';
      // A data address, because the content policy allows those and no blob.
      var reader = new FileReader();
      reader.onload = function () { picture.src = reader.result; };
      reader.readAsDataURL(file);
      item.appendChild(picture);
    }
    item.appendChild(element('span', 'file-name', file.name));
    item.appendChild(element('span', 'm' + (file.size > Number(input.dataset.eachMb) * MB ? ' is-over' : ''), sizeText(file.size)));
    var remove = element('button', 'btn btn-text', '移除');
    remove.type = 'button';
    remove.setAttribute('aria-label', '移除 ' + file.name);
    remove.addEventListener('click', function () {
      show(input, files.filter(function (_, other) { return other !== index; }));
      input.focus();
    });
    item.appendChild(remove);
    return item;
  }

  function show(input, files) {
    if (!put(input, files)) { files = Array.prototype.slice.call(input.files); }
    input.chosen = files;
    var place = document.getElementById(input.dataset.files);
    var problem = complaint(input, files);
    input.setCustomValidity(problem);
    place.textContent = '';
    if (problem) { place.appendChild(element('p', 'field-error', problem)); }
    if (!files.length) { return; }
    var list = element('ul');
    files.forEach(function (file, index) { list.appendChild(line(input, files, file, index)); });
    place.appendChild(list);
  }

  document.querySelectorAll('input[type=file][data-files]').forEach(function (input) {
    input.chosen = [];
    input.addEventListener('change', function () {
      var fresh = Array.prototype.slice.call(input.files);
      var known = input.multiple ? input.chosen : [];
      var added = fresh.filter(function (file) {
        return !known.some(function (old) { return old.name === file.name && old.size === file.size && old.lastModified === file.lastModified; });
      });
      show(input, known.concat(added));
    });
  });
})();
