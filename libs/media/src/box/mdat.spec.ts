import { BoxWriter } from '../bytes/box-writer';
import { mdatHeaderBytes, writeMdatHeader } from './mdat';

it.each([
  ['the largest 32-bit size', 0xffff_ffff - 8, 'ffffffff6d646174'],
  ['one byte more', 0xffff_ffff - 7, '000000016d6461740000000100000008'],
])('counts its own header: %s', (_, payloadBytes, header) => {
  const bytes = BoxWriter.toBytes((w) => {
    writeMdatHeader(w, payloadBytes);
  });
  expect(Buffer.from(bytes).toString('hex')).toBe(header);
  expect(mdatHeaderBytes(payloadBytes)).toBe(bytes.length);
});
