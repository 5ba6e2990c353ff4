/* Charts over their tables: <section data-chart>. The table stays and is one press away; a mark opens its list. */
(function () {
  'use strict';

  if (!window.echarts) { return; }

  function prepare(panel) {
    var place = panel.querySelector('[data-chart-canvas]');
    var data = panel.querySelector('[data-chart-drawn]');
    var table = panel.querySelector('[data-chart-table]');
    var swap = panel.querySelector('[data-chart-swap]');
    if (!place || !data || !table || !swap) { return null; }
    var drawn = JSON.parse(data.textContent);
    var word = swap.firstChild;

    function show(asChart) {
      place.hidden = !asChart;
      table.hidden = asChart;
      word.nodeValue = asChart ? '看数值' : '看图';
      if (asChart) { redraw(); }
    }

    function redraw() {
      if (place.hidden) { return; }
      var chart = window.assistDraw(place, drawn, size());
      chart.resize();
    }

    swap.hidden = false;
    swap.addEventListener('click', function () { show(place.hidden); });
    show(true);
    return redraw;
  }

  /* Words in a chart grow with the page's own (大字版). */
  function size() { return parseFloat(window.getComputedStyle(document.documentElement).fontSize) / 14; }

  var all = Array.prototype.map.call(document.querySelectorAll('[data-chart]'), prepare).filter(Boolean);
  var waiting = 0;
  window.addEventListener('resize', function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(function () { all.forEach(function (redraw) { redraw(); }); }, 150);
  });
})();
