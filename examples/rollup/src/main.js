import 'void-segmenter';

const segmenter = document.querySelector('void-segmenter');
const place = segmenter.parentElement;
const output = document.querySelector('output');

document.querySelector('select').addEventListener('change', ({ target }) => {
  segmenter.effect = target.value;
});
document.querySelector('input').addEventListener('change', ({ target }) => {
  place.replaceChildren(...(target.checked ? [segmenter] : []));
});
document.querySelector('button').addEventListener('click', () => {
  if (segmenter.state === 'paused') segmenter.play();
  else segmenter.pause();
});
segmenter.addEventListener('void-mask', ({ mask }) => {
  const personPixels = mask.data.filter((level) => level > 127).length;
  output.textContent = `${Math.round((100 * personPixels) / mask.data.length)} %`;
});
