import { chromium, type Browser, type Page } from 'playwright-core';
import { readBarCode } from '@clipmesh/testkit';
import { judgePath } from './judge-path';
import { serveFile } from './serve-file';
import { VIDEO_PAGE } from './video-page';

/** What a browser shows at some moment. */
export interface ShownFrame {
  /** Presentation time of the frame, in seconds, as the browser has it. */
  readonly mediaTime: number;
  /** The number that the frame carries in its bar code; null when it has none that can be read. */
  readonly frameNumber: number | null;
  /** The picture as 8 times 8 mean luma values, row by row. */
  readonly luma: readonly number[];
}

/** A page with one `<video>` that has loaded its source. */
export interface VideoPage {
  readonly durationSeconds: number;
  readonly width: number;
  readonly height: number;
  /** What is shown before anything is played or sought. */
  readonly first: ShownFrame;
  /** Seeks, and resolves with the frame that is shown then. */
  frameAt(seconds: number): Promise<ShownFrame>;
  /** Plays from the start to the end, and resolves with the frames that came on show, in their order. */
  play(): Promise<readonly ShownFrame[]>;
  close(): Promise<void>;
}

/** A frame as the page gives it. */
interface ReadFrame {
  readonly mediaTime: number;
  readonly barCode: readonly number[];
  readonly luma: readonly number[];
}

/** Chromium without a window, that talks to nobody but the servers it is sent to. */
export class VideoBrowser {
  private constructor(private readonly browser: Browser) {}

  static async launch(): Promise<VideoBrowser> {
    const browser = await chromium.launch({
      executablePath: judgePath('chromium'),
      args: [
        '--no-sandbox', // root in a container has no user namespaces for it, and what is opened is our own
        '--disable-background-networking',
        '--autoplay-policy=no-user-gesture-required',
      ],
    });
    return new VideoBrowser(browser);
  }

  close(): Promise<void> {
    return this.browser.close();
  }

  /** Opens a file, or an `http:` address; rejects with the browser's own reason when it cannot be played. */
  async open(source: string): Promise<VideoPage> {
    const served = source.startsWith('http') ? null : await serveFile(source);
    const page = await this.browser.newPage();
    const close = async (): Promise<void> => {
      await page.close();
      await served?.close();
    };
    try {
      return { ...(await openVideo(page, served?.url ?? source)), close };
    } catch (error) {
      await close();
      throw error;
    }
  }
}

/** The page has the origin of the video, because the pictures of another origin may not be read back. */
async function openVideo(page: Page, url: string): Promise<Omit<VideoPage, 'close'>> {
  const address = new URL('/play', url).href;
  await page.route(address, (route) => route.fulfill({ contentType: 'text/html', body: VIDEO_PAGE }));
  await page.goto(address);
  await page.unroute(address); // so that the video is fetched as it always is
  // What comes out of the page is what video-page.ts returns there.
  const call = <T>(expression: string): Promise<T> => page.evaluate<T>(expression);
  const { first, ...facts } = await call<{
    readonly durationSeconds: number;
    readonly width: number;
    readonly height: number;
    readonly first: ReadFrame;
  }>(`load(${JSON.stringify(url)})`);
  return {
    ...facts,
    first: shownFrame(first),
    frameAt: async (seconds) => shownFrame(await call<ReadFrame>(`frameAt(${seconds})`)),
    play: async () => (await call<readonly ReadFrame[]>('play()')).map(shownFrame),
  };
}

function shownFrame({ mediaTime, barCode, luma }: ReadFrame): ShownFrame {
  return { mediaTime, frameNumber: readBarCode(barCode), luma };
}
