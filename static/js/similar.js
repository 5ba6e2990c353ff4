/* Own similar cases while typing: htmx asks, with no more words than an address can carry. */
(function () {
  'use strict';

  document.addEventListener('htmx:configRequest', function (event) {
    var words = event.detail.parameters.description;
    if (words && event.detail.path.indexOf('/portal/similar') === 0) { event.detail.parameters.description = words.slice(0, 200); }
  });
})();
