/*
 * The script of the page of a recorded run, as text: lanes, the scrubber, keys, the step at hand.
 *
 * Invariant: what comes from the data is set as text, never as markup.
 */

export const TRACE_SCRIPT = `
'use strict';
(function () {
  var data = JSON.parse(document.getElementById('trace').textContent);
  var steps = data.steps, slider = document.querySelector('input'), marks = [], items = {};
  var first = steps[0].at, last = steps[steps.length - 1].at, span = Math.max(1, last - first);
  function make(name, into, text, kind) {
    var made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (kind) made.className = kind;
    if (into) into.appendChild(made);
    return made;
  }
  function show(value) { return JSON.stringify(value, null, 2); }
  function place(step) {
    // Half by time, half by order: what happens at once is told apart, and pauses are seen.
    return 2 + 94 * (0.5 * (step.at - first) / span + 0.5 * (step.number - 1) / Math.max(1, steps.length - 1));
  }
  function clock(ms) { return new Date(ms).toISOString().replace('T', ' ').replace('Z', ''); }
  function after(ms) {
    if (ms < 1000) return ms + ' ms';
    if (ms < 60000) return (ms / 1000).toFixed(2) + ' s';
    if (ms < 3600000) return (ms / 60000).toFixed(1) + ' min';
    return (ms / 3600000).toFixed(1) + ' h';
  }
  var lanes = document.querySelector('.lanes');
  data.strands.forEach(function (strand) {
    var lane = make('div', lanes, undefined, 'lane');
    make('span', lane, strand === '' ? 'root' : strand).title = strand;
    var line = make('div', lane);
    var own = steps.filter(function (step) { return step.strand === strand; });
    var life = make('i', line, undefined, 'life');
    life.style.left = place(own[0]) + '%';
    life.style.width = Math.max(0, place(own[own.length - 1]) - place(own[0])) + '%';
    own.forEach(function (step) {
      var failed = / failed: /.test(step.because) || /^failed: /.test(step.now);
      var mark = make('button', line, undefined, 'mark ' + step.kind + (failed ? ' failed' : step.activity ? ' call' : ''));
      mark.style.left = place(step) + '%';
      mark.title = step.number + '. ' + step.because + ' - ' + step.now;
      mark.setAttribute('aria-label', mark.title);
      mark.onclick = function () { go(step.number); };
      marks[step.number] = mark;
    });
  });
  var tree = document.querySelector('.tree ol');
  data.outline.forEach(function (task) {
    var item = make('li', tree);
    item.style.paddingLeft = 8 + 14 * task.depth + 'px';
    make('span', item, task.name);
    make('small', item, task.kind);
    item.title = task.pointer;
    items[task.pointer] = item;
  });
  if (data.outline.length === 0) make('li', tree, 'The trace does not have the definition.');
  function fact(list, name, text, kind) {
    make('dt', list, name);
    make('dd', list, text, kind);
  }
  function value(into, name, what) {
    if (what === undefined) return;
    make('h3', into, name);
    make('pre', into, show(what));
  }
  function line(into, kind, sign, what) { make('code', into, sign + ' ' + show(what), kind); }
  function go(number) {
    number = Math.min(steps.length, Math.max(1, number));
    var step = steps[number - 1];
    slider.value = number;
    document.querySelector('output').textContent = number + ' of ' + steps.length + '  ·  ' + after(step.at - first);
    marks.forEach(function (mark, at) { mark.classList.toggle('on', at === number); });
    marks[number].scrollIntoView({ block: 'nearest', inline: 'nearest' });
    Object.keys(items).forEach(function (pointer) {
      var been = steps.slice(0, number).some(function (one) { return one.task === pointer || one.active.indexOf(pointer) >= 0; });
      items[pointer].className = pointer === step.task ? 'here' : step.active.indexOf(pointer) >= 0 ? 'active' : been ? 'been' : '';
    });
    document.querySelector('.step h2').textContent = 'Step ' + number + (step.strand === '' ? '' : ' of strand ' + step.strand);
    var list = document.querySelector('dl');
    list.textContent = '';
    fact(list, 'Because', step.because, / failed: /.test(step.because) ? 'bad' : '');
    fact(list, 'Now', step.now, /^failed: /.test(step.now) ? 'bad' : '');
    fact(list, 'At', step.task === '' ? 'the workflow itself' : step.task);
    fact(list, 'When', clock(step.at));
    fact(list, 'Record', step.record);
    fact(list, 'Replay', step.replay, step.replay === 'equal' ? '' : 'bad');
    var values = document.querySelector('.values');
    values.textContent = '';
    value(values, 'It heard', step.heard);
    if (step.activity) value(values, 'It asks ' + step.activity.name, step.activity.arguments);
    var changes = document.querySelector('.changes');
    changes.textContent = '';
    if (step.changes.length === 0) make('p', changes, 'Nothing.', 'none');
    step.changes.forEach(function (one) {
      var change = make('div', changes, undefined, 'change');
      make('b', change, one.at === '' ? 'the record' : one.at);
      if ('recorded' in one) line(change, 'cut', '−', one.recorded);
      if ('computed' in one) line(change, 'add', '+', one.computed);
    });
    document.querySelector('.state pre').textContent = show(step.state);
    try { history.replaceState(null, '', '#' + number); } catch (ignored) { /* a page without an address */ }
  }
  function at() { return Number(slider.value); }
  slider.oninput = function () { go(at()); };
  Array.prototype.forEach.call(document.querySelectorAll('[data-go]'), function (button) {
    button.onclick = function () {
      go({ first: 1, back: at() - 1, on: at() + 1, last: steps.length }[button.getAttribute('data-go')]);
    };
  });
  document.addEventListener('keydown', function (event) {
    if (event.target === slider) return;
    var to = { ArrowLeft: at() - 1, ArrowRight: at() + 1, Home: 1, End: steps.length }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  });
  go(Number(location.hash.slice(1)) || 1);
})();
`;
