// What a page looks like, measured: called by LayoutIT with the name of what to measure. Each answers a list of complaints.
what => {
  const visible = element => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== 'hidden' && box.right > 0;
  };
  const named = element => `${element.tagName.toLowerCase()} "${(element.textContent || element.name || '').trim().slice(0, 30)}"`;
  const targets = () => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea, select')].filter(visible);

  const rgb = text => {
    const numbers = text.match(/[\d.]+/g).map(Number);
    if (text.startsWith('color(srgb')) {
      return [...numbers.slice(0, 3).map(part => part * 255), numbers[3] ?? 1];
    }
    return [numbers[0], numbers[1], numbers[2], numbers[3] ?? 1];
  };
  const over = (upper, lower) => [0, 1, 2].map(i => upper[i] * upper[3] + lower[i] * (1 - upper[3]));
  const behind = element => {
    const layers = [];
    for (let at = element.parentElement; at !== null; at = at.parentElement) {
      layers.push(rgb(getComputedStyle(at).backgroundColor));
    }
    const canvas = matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0] : [255, 255, 255];
    return layers.reverse().reduce((below, layer) => over(layer, below), canvas);
  };
  const luminance = colour => {
    const [r, g, b] = colour.map(part => part / 255).map(part => part <= .03928 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + .05) / (dark + .05);
  };

  const measures = {
    // Nothing scrolls sideways, and nothing that is to be read stands at the edge of the window.
    width() {
      const complaints = [];
      const scroll = document.documentElement.scrollWidth;
      if (scroll > innerWidth) {
        complaints.push(`${scroll} px in a window of ${innerWidth}`);
      }
      for (const part of document.querySelectorAll('header.layout > .container > *, main > *, footer.layout > .container > *')) {
        const box = part.getBoundingClientRect();
        const nav = part.matches('nav') ? part.querySelector('a').getBoundingClientRect().left + 12 : box.left;
        if (visible(part) && (nav < 12 || box.right > document.documentElement.clientWidth - (part.matches('nav') ? 0 : 12))) {
          complaints.push(`${named(part)} from ${nav} to ${box.right} of ${innerWidth}`);
        }
      }
      return complaints;
    },
    focus() {
      const complaints = [];
      const before = document.activeElement;
      for (const target of targets()) {
        target.focus({focusVisible: true, preventScroll: true});
        const style = getComputedStyle(target);
        const width = parseFloat(style.outlineWidth);
        const ratio = contrast(over(rgb(style.outlineColor), behind(target)), behind(target));
        if (style.outlineStyle === 'none' || width < 2 || ratio < 3) {
          complaints.push(`${named(target)}: ${style.outlineStyle} ${width} px, ${ratio.toFixed(2)}:1`);
        }
      }
      before?.focus?.({preventScroll: true});
      return complaints;
    },
    targets() {
      const complaints = [];
      const boxes = targets().map(target => [target, target.getBoundingClientRect()]);
      for (const [target, box] of boxes) {
        const inSentence = target.parentElement.matches('p') && target.parentElement.textContent.trim() !== target.textContent.trim();
        if (!inSentence && (box.width < 23.9 || box.height < 23.9)) {
          complaints.push(`${named(target)} is ${box.width.toFixed(1)} by ${box.height.toFixed(1)} px`);
        }
        for (const [other, its] of boxes) {
          const apart = box.right <= its.left + .1 || its.right <= box.left + .1 || box.bottom <= its.top + .1 || its.bottom <= box.top + .1;
          if (other !== target && !apart) {
            complaints.push(`${named(target)} lies on ${named(other)}`);
          }
        }
      }
      return complaints;
    },
  };
  return measures[what]();
}
