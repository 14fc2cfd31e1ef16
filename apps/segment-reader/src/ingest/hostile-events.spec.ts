import { ExportError } from '@clipmesh/errors';
import fc from 'fast-check';
import { parseSegmentEvent } from './parse-segment-event';

const EVENT = {
  format: 1,
  video: 'gate',
  start: '2026-11-01T05:20:00.000Z',
  end: '2026-11-01T05:20:04.000Z',
  durationMs: 4000,
  object: { bucket: 'archive', key: 'gate/0.mp4', bytes: 1000, sha256: 'a'.repeat(64) },
};
const SEED = Buffer.from(JSON.stringify(EVENT));
const PARAMETERS = { seed: 1, numRuns: 3000 };

/** An event or a refusal; anything else that is thrown fails the property. */
function eventOrRefusal(body: Uint8Array, subject = 'gate'): void {
  try {
    expect(parseSegmentEvent(subject, body).key).not.toBe('');
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(ExportError);
    expect((thrown as ExportError).code).toMatch(/^(SegmentEventInvalid|FormatUnsupported)$/);
  }
}

describe('any bytes give an event or a refusal', () => {
  it('for an event with some bytes changed', () => {
    const change = fc.record({ at: fc.nat(SEED.length - 1), byte: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Buffer.from(SEED);
        changes.forEach(({ at, byte }) => {
          bytes[at] = byte;
        });
        eventOrRefusal(bytes);
      }),
      PARAMETERS,
    );
  });

  it('for an event with a member of any kind', () => {
    const name = fc.constantFrom(...Object.keys(EVENT), 'specversion', 'data', 'data_base64');
    const inner = fc.constantFrom(...Object.keys(EVENT.object));
    fc.assert(
      fc.property(name, inner, fc.jsonValue(), fc.boolean(), (member, of, value, isInner) => {
        const event = isInner
          ? { ...EVENT, object: { ...EVENT.object, [of]: value } }
          : { ...EVENT, [member]: value };
        eventOrRefusal(Buffer.from(JSON.stringify(event)));
      }),
      PARAMETERS,
    );
  });

  it('for every beginning of an event, noise, and lists in lists', () => {
    for (let length = 0; length <= SEED.length; length++) {
      eventOrRefusal(SEED.subarray(0, length));
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), eventOrRefusal), PARAMETERS);
    eventOrRefusal(Buffer.from('['.repeat(60_000)));
    eventOrRefusal(Buffer.from('{"data":'.repeat(8000)));
  });
});
