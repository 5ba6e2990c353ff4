/* Drafts: what is typed into a form with data-draft="<name>:<account id>" stays on this device until it has been sent.
   Kept through a lost connection, an error and a new sign-in; forgotten after success, at sign-out and after three days. */
(function () {
  'use strict';

  var PREFIX = 'draft:', SENT = 'draft-sent', LIFE = 3 * 24 * 3600 * 1000;

  function storage(act) {
    try { return act(window.localStorage); } catch (error) { return null; }
  }

  function forget(test) {
    storage(function (store) {
      Object.keys(store).filter(function (key) { return key.indexOf(PREFIX) === 0 && test(key, store.getItem(key)); })
        .forEach(function (key) { store.removeItem(key); });
    });
  }

  function parsed(text) {
    try { return JSON.parse(text) || {}; } catch (error) { return {}; }
  }

  function keepable(field) {
    return field.name && !field.disabled && ['hidden', 'file', 'password', 'submit', 'button'].indexOf(field.type) < 0;
  }

  function fields(form) { return Array.prototype.filter.call(form.elements, keepable); }

  function isChoice(field) { return field.type === 'radio' || field.type === 'checkbox'; }

  function untouched(field) {
    if (isChoice(field)) { return field.checked === field.defaultChecked; }
    if (field.tagName === 'SELECT') { return true; }
    return field.value === field.defaultValue;
  }

  function save(form) {
    var values = {};
    fields(form).forEach(function (field) {
      if (isChoice(field)) {
        if (field.checked) { (values[field.name] = values[field.name] || []).push(field.value); }
      } else if (field.value) { values[field.name] = field.value; }
    });
    storage(function (store) { store.setItem(PREFIX + form.dataset.draft, JSON.stringify({at: Date.now(), values: values})); });
  }

  function restore(form, values) {
    var changed = false;
    fields(form).forEach(function (field) {
      var kept = values[field.name];
      if (kept === undefined || !untouched(field)) { return; }
      if (isChoice(field)) {
        var checked = Array.isArray(kept) && kept.indexOf(field.value) >= 0;
        changed = changed || checked !== field.checked;
        field.checked = checked;
      } else if (typeof kept === 'string' && field.value !== kept) {
        field.value = kept;
        changed = true;
        field.dispatchEvent(new Event('input', {bubbles: true}));
      }
    });
    return changed;
  }

  function tell(form) {
    var note = document.createElement('p');
    note.className = 'draft-note';
    note.setAttribute('role', 'status');
    note.textContent = '已恢复您上次在本机填写、尚未提交的内容。';
    var clear = document.createElement('button');
    clear.type = 'button';
    clear.textContent = '清除，重新填写';
    clear.addEventListener('click', function () {
      forget(function (key) { return key === PREFIX + form.dataset.draft; });
      form.reset();
      form.querySelectorAll('textarea').forEach(function (area) { area.dispatchEvent(new Event('input', {bubbles: true})); });
      forget(function (key) { return key === PREFIX + form.dataset.draft; });
      note.remove();
    });
    note.appendChild(clear);
    form.insertBefore(note, form.firstChild);
  }

  // Sent, and now another page of the place, or one that says it went well: the draft has done its work.
  // The sign-in and error pages (body.plain) mean that it was not taken.
  function settle() {
    var sent = storage(function (store) { return store.getItem(SENT); });
    if (!sent) { return; }
    storage(function (store) { store.removeItem(SENT); });
    if (document.body.classList.contains('plain')) { return; }
    var again = Array.prototype.some.call(document.querySelectorAll('form[data-draft]'), function (form) { return form.dataset.draft === sent; });
    if (!again || document.querySelector('[data-flash-success]')) { forget(function (key) { return key === PREFIX + sent; }); }
  }

  settle();
  forget(function (key, text) { return !(Date.now() - parsed(text).at < LIFE); });

  document.querySelectorAll('form[data-draft]').forEach(function (form) {
    var kept = storage(function (store) { return store.getItem(PREFIX + form.dataset.draft); });
    var afterError = document.querySelector('[data-error-summary]');
    // After an error the server has given back what was typed: that is the newer one.
    if (kept && !afterError && restore(form, parsed(kept).values || {})) { tell(form); }
    var timer = 0;
    form.addEventListener('input', function () {
      clearTimeout(timer);
      timer = setTimeout(function () { save(form); }, 400);
    });
    form.addEventListener('change', function () { save(form); });
    form.addEventListener('submit', function () {
      clearTimeout(timer);
      save(form);
      storage(function (store) { store.setItem(SENT, form.dataset.draft); });
    });
  });

  document.querySelectorAll('form[data-forget-drafts]').forEach(function (form) {
    form.addEventListener('submit', function () { forget(function () { return true; }); storage(function (store) { store.removeItem(SENT); }); });
  });
})();
