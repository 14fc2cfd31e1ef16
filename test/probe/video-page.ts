import { BAR_CODE_BLOCKS, BAR_CODE_HEIGHT, LUMA_GRID } from '@clipmesh/testkit';

const PAINTS_WITHOUT_FRAME = 20;

/**
 * The page that plays: `load(url)`, `frameAt(seconds)` and `play()` are called from outside. It reads the picture that
 * is on show back from a canvas, as mean luma of areas of it.
 */
export const VIDEO_PAGE = `<!doctype html>
<video muted playsinline></video>
<script>
const video = document.querySelector('video');
const canvas = document.createElement('canvas');
const context = canvas.getContext('2d', { willReadFrequently: true });

const failure = () => new Error('MediaError ' + video.error.code + ': ' + video.error.message);
let shown = {};
const nextFrame = () => new Promise((resolve) => {
  video.requestVideoFrameCallback((_, { mediaTime }) => {
    shown = { mediaTime, ...picture() };
    resolve();
  });
});
const nextPaint = () => new Promise((resolve) => requestAnimationFrame(resolve));
const orFailure = (promise) => Promise.race([
  promise,
  new Promise((_, reject) => { video.onerror = () => reject(failure()); }),
]);

function picture() {
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  context.drawImage(video, 0, 0);
  return {
    barCode: means(${BAR_CODE_BLOCKS}, 1, canvas.height * ${BAR_CODE_HEIGHT}),
    luma: means(${LUMA_GRID}, ${LUMA_GRID}, canvas.height),
  };
}

/** Means of so many columns and rows of the upper part of the canvas. */
function means(columns, rows, height) {
  const { data, width } = context.getImageData(0, 0, canvas.width, Math.floor(height));
  const sums = new Float64Array(columns * rows);
  const counts = new Float64Array(columns * rows);
  for (let at = 0; at < data.length; at += 4) {
    const x = (at / 4) % width;
    const y = Math.floor(at / 4 / width);
    const cell = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
    sums[cell] += 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
    counts[cell] += 1;
  }
  return Array.from(sums, (sum, cell) => Math.round(sum / counts[cell]));
}

async function load(url) {
  const first = nextFrame();
  video.preload = 'auto';
  video.src = url;
  await orFailure(first);
  return { durationSeconds: video.duration, width: video.videoWidth, height: video.videoHeight, first: shown };
}

async function frameAt(seconds) {
  const seeked = new Promise((resolve) => { video.onseeked = resolve; });
  const frame = nextFrame();
  video.currentTime = seconds;
  await orFailure(seeked);
  // A seek to the frame that is on show already brings no new one.
  await orFailure(Promise.race([frame, paints(${PAINTS_WITHOUT_FRAME})]));
  return shown;
}

async function paints(count) {
  for (let i = 0; i < count; i += 1) {
    await nextPaint();
  }
}

async function play() {
  await frameAt(0);
  const frames = [shown];
  const note = (_, { mediaTime }) => {
    frames.push({ mediaTime, ...picture() });
    video.requestVideoFrameCallback(note);
  };
  video.requestVideoFrameCallback(note);
  const ended = new Promise((resolve) => { video.onended = resolve; });
  await video.play();
  await orFailure(ended);
  return frames;
}
</script>`;
