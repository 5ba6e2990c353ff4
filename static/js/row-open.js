/* A press anywhere on a row opens it: <tr data-href="…">. The row's own link is there for the keyboard. */
(function () {
  'use strict';

  document.addEventListener('click', function (event) {
    var row = event.target.closest('tr[data-href]');
    if (!row || event.defaultPrevented || event.target.closest('a, button, input, select, textarea, label, summary')) { return; }
    if (String(window.getSelection())) { return; }
    if (event.ctrlKey || event.metaKey) { window.open(row.dataset.href, '_blank', 'noopener'); } else { window.location.assign(row.dataset.href); }
  });
})();
