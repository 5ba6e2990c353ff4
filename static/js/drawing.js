/* How a chart of ours is drawn: from names and series to an option of ECharts. SVG, no animation, words as rich text. */
(function () {
  'use strict';

  var TONES = { main: '#0b4ea2', second: '#4f9d69', third: '#c98a1b', fourth: '#8a6fb3', pale: '#c6d6ea', late: '#c0271d', soon: '#d9982b', ok: '#1c6b3a' };
  var INK = '#1f2733', MUTE = '#566272', LINE = '#e6eaef';

  function unit(shape) { return shape === 'rate' ? '%' : shape === 'days' ? '个工作日' : ''; }

  function words(drawn, list) {
    var at = list[0].dataIndex;
    return [drawn.names[at]].concat(list.map(function (one) {
      var series = drawn.series[one.seriesIndex];
      return series.title + '：' + series.values[at].text + (series.shape === 'days' ? unit('days') : '');
    })).join('\n');
  }

  function series(one, across, size) {
    var isLine = one.draw === 'line';
    return {
      name: one.title,
      type: isLine ? 'line' : 'bar',
      stack: one.draw === 'stack' ? 'all' : undefined,
      yAxisIndex: one.onRight && !across ? 1 : 0,
      color: TONES[one.tone],
      data: one.values.map(function (point) { return point.value; }),
      barMaxWidth: 34 * size,
      symbol: 'circle',
      symbolSize: 6 * size,
      lineStyle: { width: 2 * size },
      connectNulls: true,
      z: isLine ? 3 : 2,
      cursor: 'pointer',
      label: one.labelled ? { show: true, position: across ? 'right' : 'top', fontSize: 12 * size, color: INK, formatter: function (it) { return it.value ? String(it.value) : ''; } } : undefined,
      emphasis: { disabled: true }
    };
  }

  function valueAxis(shape, size, right, least) {
    return {
      type: 'value',
      min: shape === 'rate' ? least : 0,
      max: shape === 'rate' ? 100 : undefined,
      minInterval: 1,
      position: right ? 'right' : undefined,
      axisLabel: { color: MUTE, fontSize: 12 * size, formatter: shape === 'rate' ? '{value}%' : '{value}' },
      splitLine: { show: !right, lineStyle: { color: LINE } }
    };
  }

  /* The percentage a chart of rates begins at: so low that every point is seen. */
  function least(drawn) {
    var low = 100;
    drawn.series.forEach(function (one) {
      if (one.shape === 'rate') { one.values.forEach(function (point) { if (point.value !== null && point.value < low) { low = point.value; } }); }
    });
    return Math.max(0, Math.floor((low - 5) / 10) * 10);
  }

  function option(drawn, size, width) {
    var rates = drawn.series.some(function (one) { return one.shape === 'rate'; });
    var counts = drawn.series.some(function (one) { return one.shape !== 'rate'; });
    drawn.series.forEach(function (one) {
      one.onRight = rates && one.shape !== 'rate';
      one.labelled = one.draw === 'bar' && !rates;
    });
    var names = { type: 'category', data: drawn.names, inverse: drawn.across, axisTick: { show: false }, axisLine: { lineStyle: { color: '#b9c2cd' } },
      axisLabel: { color: MUTE, fontSize: 12 * size, interval: drawn.names.length > 12 ? 'auto' : 0, hideOverlap: true, width: drawn.across ? Math.min(160 * size, width * 0.34) : undefined, overflow: 'truncate' } };
    var values = [valueAxis(rates ? 'rate' : 'count', size, false, least(drawn))];
    if (rates && counts) { values.push(valueAxis('count', size, true)); }
    return {
      animation: false,
      textStyle: { fontFamily: window.getComputedStyle(document.body).fontFamily },
      grid: { left: 8 * size, right: 16 * size, top: 36 * size, bottom: 8 * size, containLabel: true },
      legend: { top: 0, left: 'center', type: 'scroll', icon: 'roundRect', itemWidth: 14 * size, itemHeight: 8 * size, textStyle: { color: INK, fontSize: 12 * size }, selectedMode: false, show: drawn.series.length > 1 },
      tooltip: { trigger: 'axis', renderMode: 'richText', confine: true, axisPointer: { type: drawn.series[0].draw === 'line' ? 'line' : 'shadow' }, textStyle: { fontSize: 12 * size, color: INK }, formatter: function (list) { return words(drawn, list); } },
      xAxis: drawn.across ? values : names,
      yAxis: drawn.across ? names : values,
      series: drawn.series.map(function (one) { return series(one, drawn.across, size); })
    };
  }

  /* Draws into a place, or again into what was drawn there. `size` enlarges words and lines (1 on a desk); `apart` opens
     lists in a tab of their own. */
  function draw(place, drawn, size, apart) {
    var chart = window.echarts.getInstanceByDom(place);
    if (!chart) {
      chart = window.echarts.init(place, null, { renderer: 'svg' });
      chart.on('click', function (event) {
        var point = chart.drawn.series[event.seriesIndex].values[event.dataIndex];
        if (!point || !point.url) { return; }
        if (apart) { window.open(point.url, '_blank', 'noopener'); } else { window.location.assign(point.url); }
      });
    }
    chart.drawn = drawn;
    chart.setOption(option(drawn, size || 1, place.clientWidth), { notMerge: true, lazyUpdate: false });
    return chart;
  }

  window.assistDraw = draw;
})();
