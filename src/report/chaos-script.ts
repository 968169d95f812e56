/*
 * The script of the chaos page, as text: copying, and for each timeline the scrubber, the details of a
 * mark, what it came from and led to, and the tracing of one instance.
 *
 * Invariant: what comes from the data is set as text, never as markup.
 */

export const SCRIPT = `
'use strict';
(function () {
  function each(list, fn) { Array.prototype.forEach.call(list, fn); }

  document.addEventListener('click', function (event) {
    var button = event.target.closest && event.target.closest('[data-copy]');
    if (!button) return;
    var text = button.getAttribute('data-copy');
    var label = button.textContent;
    function done() {
      button.textContent = 'copied';
      setTimeout(function () { button.textContent = label; }, 1200);
    }
    function byHand() {
      var area = document.createElement('textarea');
      area.value = text;
      document.body.appendChild(area);
      area.select();
      document.execCommand('copy');
      area.remove();
      done();
    }
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, byHand);
    else byHand();
  });

  function clock(ms) { return (ms / 1000).toFixed(3) + ' s'; }

  function element(name, text, into) {
    var made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (into) into.appendChild(made);
    return made;
  }

  each(document.querySelectorAll('.timeline'), function (figure) {
    var data = JSON.parse(figure.querySelector('script').textContent);
    var scroll = figure.querySelector('.scroll');
    var slider = figure.querySelector('input');
    var panel = figure.querySelector('.detail');
    var cursor = figure.querySelector('.cursor');
    var marks = [];
    var arrows = [];
    var only = -1;
    var current = -1;
    each(figure.querySelectorAll('[data-m]'), function (mark) {
      marks[Number(mark.getAttribute('data-m'))] = mark;
    });
    each(figure.querySelectorAll('[data-a]'), function (arrow) {
      arrows[Number(arrow.getAttribute('data-a'))] = arrow;
    });

    function tell(index) {
      var mark = data.marks[index];
      panel.textContent = '';
      var head = element('h4', undefined, panel);
      element('time', clock(mark.t), head);
      head.appendChild(document.createTextNode(mark.s));
      var list = element('dl', undefined, panel);
      mark.d.forEach(function (row) {
        element('dt', row[0], list);
        var value = element('dd', undefined, list);
        if (row.length > 2) element('del', row[2], value);
        value.appendChild(document.createTextNode(row[1]));
      });
    }

    function trace(index) {
      data.arrows.forEach(function (ends, at) {
        if (arrows[at]) arrows[at].classList.toggle('on', ends[0] === index || ends[1] === index);
      });
    }

    function select(index, follow) {
      if (!marks[index]) return;
      if (marks[current]) marks[current].classList.remove('at');
      current = index;
      slider.value = String(index);
      marks[index].classList.add('at');
      var box = marks[index].getBBox();
      cursor.setAttribute('transform', 'translate(' + box.x + ' 0)');
      cursor.setAttribute('visibility', 'visible');
      if (follow) {
        var left = box.x - scroll.clientWidth / 2;
        if (box.x < scroll.scrollLeft + 20 || box.x + box.width > scroll.scrollLeft + scroll.clientWidth - 20) {
          scroll.scrollLeft = left;
        }
      }
      trace(index);
      tell(index);
    }

    function shown(index) {
      return only < 0 || data.marks[index].i === only || data.marks[index].i < 0;
    }

    function step(by) {
      for (var at = current + by; at >= 0 && at < data.marks.length; at += by) {
        if (shown(at)) return select(at, true);
      }
    }

    /** To the next mark of that kind, round the end. */
    function next(kind) {
      for (var by = 1; by <= marks.length; by += 1) {
        var at = (current + by) % marks.length;
        if (shown(at) && marks[at] && marks[at].classList.contains(kind)) return select(at, true);
      }
    }
    function end(from, by) {
      for (var at = from; at >= 0 && at < marks.length; at += by) {
        if (shown(at)) return select(at, true);
      }
    }
    function pressed(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.tagName === 'INPUT' && event.key !== 'f') return;
      if (event.key === 'ArrowRight') step(1);
      else if (event.key === 'ArrowLeft') step(-1);
      else if (event.key === 'Home') end(0, 1);
      else if (event.key === 'End') end(marks.length - 1, -1);
      else if (event.key === 'f') next('fault');
      else return;
      event.preventDefault();
    }
    figure.addEventListener('keydown', pressed);

    slider.addEventListener('input', function () { select(Number(slider.value), true); });
    each(figure.querySelectorAll('[data-go]'), function (button) {
      button.addEventListener('click', function () { step(Number(button.getAttribute('data-go'))); });
    });
    function pointed(event) {
      var mark = event.target.closest && event.target.closest('[data-m]');
      if (mark) select(Number(mark.getAttribute('data-m')), false);
    }
    scroll.addEventListener('mouseover', pointed);
    scroll.addEventListener('click', pointed);

    each(figure.querySelectorAll('[data-run]'), function (chip) {
      chip.addEventListener('click', function () {
        only = Number(chip.getAttribute('data-run'));
        each(figure.querySelectorAll('[data-run]'), function (other) {
          other.classList.toggle('on', other === chip);
        });
        each(figure.querySelectorAll('[data-i]'), function (part) {
          part.classList.toggle('dim', only >= 0 && Number(part.getAttribute('data-i')) !== only);
        });
        data.arrows.forEach(function (ends, at) {
          if (arrows[at]) arrows[at].classList.toggle('dim', !(shown(ends[0]) && shown(ends[1])));
        });
      });
    });

    var accused = figure.querySelector('.accused');
    var first = accused || figure.querySelector('.fault') || marks[0];
    if (first) select(Number(first.getAttribute('data-m')), true);
  });
})();
`.trim();
