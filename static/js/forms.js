/* Forms: one press sends once, characters are counted, the first mistake gets the focus, menus close.
   Everything here is comfort; the server does not rely on it. */
(function () {
  'use strict';

  function busy(form, on) {
    form.dataset.sent = on ? '1' : '';
    form.querySelectorAll('button[type=submit]').forEach(function (button) {
      button.classList.toggle('is-busy', on);
      if (on) { button.setAttribute('aria-busy', 'true'); } else { button.removeAttribute('aria-busy'); }
    });
  }

  // The buttons are not disabled: a disabled button's own name and value would not be sent.
  document.addEventListener('submit', function (event) {
    var form = event.target;
    // The attribute, because a field called method hides the property.
    if (event.defaultPrevented || (form.getAttribute('method') || '').toLowerCase() !== 'post') { return; }
    if (form.dataset.sent === '1') { event.preventDefault(); return; }
    busy(form, true);
    // A download leaves the page standing, and its form must be usable again.
    if ('stays' in form.dataset) { setTimeout(function () { busy(form, false); }, 3000); }
  });

  // Back from the next page: the browser may show this one as it was left.
  window.addEventListener('pageshow', function () {
    document.querySelectorAll('form[data-sent="1"]').forEach(function (form) { busy(form, false); });
  });

  function count(area) {
    var note = document.getElementById(area.dataset.count);
    var most = area.maxLength;
    if (!note || most <= 0) { return; }
    var left = most - area.value.length;
    note.textContent = area.value.length ? '已写' + area.value.length + '字，还可以写' + Math.max(left, 0) + '字' : '最多' + most + '字';
    note.classList.toggle('is-over', left <= 0);
  }

  document.addEventListener('input', function (event) {
    if (event.target.dataset && event.target.dataset.count) { count(event.target); }
  });

  // A field the browser complains about may be inside a closed 高级.
  document.addEventListener('invalid', function (event) {
    var closed = event.target.closest('details:not([open])');
    if (closed) { closed.open = true; }
  }, true);

  // A link of the error summary leads into the field, not only to it.
  document.addEventListener('click', function (event) {
    var link = event.target.closest('[data-error-summary] a[href^="#"]');
    if (!link) { return; }
    var place = document.getElementById(link.getAttribute('href').slice(1));
    if (!place) { return; }
    event.preventDefault();
    var input = place.matches('input, select, textarea') ? place : place.querySelector('input, select, textarea') || place;
    place.scrollIntoView({block: 'center'});
    input.focus({preventScroll: true});
  });

  function closeMenus(except) {
    document.querySelectorAll('details.menu[open]').forEach(function (menu) {
      if (menu !== except) { menu.open = false; }
    });
  }

  document.addEventListener('click', function (event) { closeMenus(event.target.closest('details.menu')); });
  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape') { return; }
    var menu = document.activeElement && document.activeElement.closest('details.menu[open]');
    closeMenus(null);
    if (menu) { menu.querySelector('summary').focus(); }
  });

  document.querySelectorAll('textarea[data-count]').forEach(count);
  var summary = document.querySelector('[data-error-summary]');
  if (summary) { summary.focus(); }
})();
