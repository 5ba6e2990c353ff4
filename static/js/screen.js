/* 大屏: fetches its values again and again for days. Nothing is added to the page by that: words are written into places
   that are there, charts are drawn again where they stand. Says how old the values are, when the connection is lost,
   when one has to sign in again; loads itself anew after an update of the program, and once a day. */
(function () {
  'use strict';

  var body = document.body;
  var every = Number(body.dataset.every) * 1000;
  var PATIENCE = 20000, FIRST_RETRY = 3000, A_DAY = 24 * 3600 * 1000;
  var state = document.querySelector('[data-state]');
  var word = document.querySelector('[data-state-word]');
  var age = document.querySelector('[data-age]');
  var at = document.querySelector('[data-at]');
  var shown = JSON.parse(document.querySelector('[data-shown]').textContent);
  var lastGood = performance.now(), failures = 0, times = 0, waiting = 0, busy = false;

  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }

  function flat(rows) { return Array.prototype.concat.apply([], rows); }

  function size() { return parseFloat(window.getComputedStyle(document.documentElement).fontSize) / 14; }

  function draw() {
    all('[data-canvas]').forEach(function (place) {
      var drawn = shown.charts[place.dataset.canvas];
      place.hidden = drawn.is_empty;
      document.querySelector('[data-none="' + place.dataset.canvas + '"]').hidden = !drawn.is_empty;
      if (!drawn.is_empty) { window.assistDraw(place, drawn, size(), true).resize(); }
    });
  }

  function link(place, url) {
    if (url) { place.href = url; } else { place.removeAttribute('href'); }
  }

  function write() {
    at.textContent = shown.at;
    all('[data-number]').forEach(function (place, number) {
      var one = shown.numbers[number];
      place.querySelector('b').textContent = one.value;
      place.querySelector('small').textContent = one.note;
      place.classList.toggle('is-late', one.tone === 'late');
      link(place, one.url);
    });
    var cells = flat(shown.heat);
    all('[data-heat]').forEach(function (place, number) {
      place.textContent = cells[number].text;
      place.className = cells[number].tone;
      link(place, cells[number].url);
    });
    all('[data-latest]').forEach(function (place, number) {
      var one = shown.latest[number];
      place.hidden = !one;
      if (!one) { return; }
      link(place.querySelector('a'), one.url);
      all('[data-latest]:nth-child(' + (number + 1) + ') [data-word]').forEach(function (part) {
        part.textContent = one[part.dataset.word];
        if (part.dataset.word === 'state') { part.className = 'screen-tag tone-' + one.tone; }
      });
    });
    draw();
  }

  function tell(words, tone) {
    word.textContent = words;
    state.className = 'screen-state' + (tone ? ' is-' + tone : '');
  }

  function grown() {
    var minutes = Math.floor((performance.now() - lastGood) / 60000);
    age.textContent = minutes ? '（' + minutes + ' 分钟前）' : '';
    if (!failures && performance.now() - lastGood > 3 * every) { tell('数据没有更新，数据时间', 'soon'); }
    window.setTimeout(grown, 5000);
  }

  function next(delay) {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(refresh, delay);
  }

  function came(values) {
    if (values.version !== body.dataset.version || performance.now() > A_DAY || flat(values.heat).length !== all('[data-heat]').length) {
      window.location.reload();
      return;
    }
    shown = values;
    failures = 0;
    lastGood = performance.now();
    tell('数据时间', '');
    write();
    age.textContent = '';
    body.dataset.times = String(times += 1);
    next(every);
  }

  function failed(reason) {
    failures += 1;
    tell(reason === 'login' ? '登录已失效，请退出大屏重新登录。数据时间' : '连接中断，正在重试。数据时间', 'lost');
    next(Math.min(every, FIRST_RETRY * Math.pow(2, Math.min(failures - 1, 6))));
  }

  function refresh() {
    if (busy) { return; }
    busy = true;
    var aborter = new AbortController();
    var limit = window.setTimeout(function () { aborter.abort(); }, PATIENCE);
    fetch(body.dataset.screen, { cache: 'no-store', credentials: 'same-origin', signal: aborter.signal }).then(function (answer) {
      var isJson = (answer.headers.get('Content-Type') || '').indexOf('application/json') === 0;
      if (!answer.ok) { throw new Error('no'); }
      if (!isJson) { throw new Error('login'); }
      return answer.json();
    }).then(came).catch(function (error) { failed(error.message); }).then(function () {
      window.clearTimeout(limit);
      busy = false;
    });
  }

  var again = document.querySelector('[data-refresh]'), full = document.querySelector('[data-full]');
  again.hidden = false;
  again.addEventListener('click', refresh);
  full.hidden = !document.fullscreenEnabled;
  full.addEventListener('click', function () {
    if (document.fullscreenElement) { document.exitFullscreen(); } else { document.documentElement.requestFullscreen(); }
  });
  window.addEventListener('online', refresh);
  var resizing = 0;
  window.addEventListener('resize', function () {
    window.clearTimeout(resizing);
    resizing = window.setTimeout(draw, 150);
  });
  draw();
  grown();
  next(every);
})();
