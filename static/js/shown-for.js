/* Fields that matter only after a certain choice: data-shown-for="name=value,value". Without script they always show.
   What is hidden keeps what was typed; an error in it keeps it open. */
(function () {
  'use strict';

  function chosen(form, name) {
    return Array.prototype.filter.call(form.querySelectorAll('[name="' + name + '"]'), function (field) {
      return field.checked || (field.type !== 'radio' && field.type !== 'checkbox');
    }).map(function (field) { return field.value; });
  }

  document.querySelectorAll('[data-shown-for]').forEach(function (part) {
    var form = part.closest('form');
    var rule = part.dataset.shownFor.split('=');
    var values = rule[1].split(',');
    function update() {
      var fits = chosen(form, rule[0]).some(function (value) { return values.indexOf(value) >= 0; });
      part.hidden = !fits && !part.querySelector('.field-error');
    }
    form.addEventListener('change', update);
    form.addEventListener('input', update);
    update();
  });
})();
