import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsArray, IsInt, IsString, Matches, ValidateNested } from 'class-validator';
import { ExportError } from '@clipmesh/errors';
import { BodyPipe } from './body-pipe';

class Parameter {
  @Matches(/^[a-z]+$/, { context: { code: 'NameInvalid' } })
  name!: string;
}

class Properties {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Parameter)
  parameters!: Parameter[];

  @IsInt()
  slots!: number;
}

class Body {
  @IsString()
  name!: string;

  @ValidateNested()
  @Type(() => Properties)
  properties!: Properties;
}

class Free {
  anything = true;
}

const pipe = new BodyPipe();
const check = (body: unknown, metatype: new () => object = Body) =>
  pipe.transform(body, { type: 'body', metatype });

async function refusalOf(body: unknown): Promise<ExportError> {
  const thrown: unknown = await check(body).catch((error: unknown) => error);
  if (thrown instanceof ExportError) {
    return thrown;
  }
  throw new Error('not refused');
}

const good = { name: 'a', properties: { parameters: [{ name: 'x' }], slots: 1 } };

it('a good body becomes an instance of its class, to the innermost', async () => {
  const body = (await check(good)) as Body;
  expect(body).toBeInstanceOf(Body);
  expect(body.properties.parameters[0]).toBeInstanceOf(Parameter);
});

it('every problem is listed, each with its path and code', async () => {
  const { code, problems } = await refusalOf({
    properties: { parameters: [{ name: 'x' }, { name: 'X!' }], slots: 'two' },
  });
  expect(code).toBe('RequestInvalid');
  expect(problems.map(({ target, code: each }) => [target, each])).toEqual([
    ['name', 'RequestInvalid'],
    ['properties.parameters[1].name', 'NameInvalid'],
    ['properties.slots', 'RequestInvalid'],
  ]);
});

it('an unknown member is refused by its name and place', async () => {
  const { problems, target } = await refusalOf({
    ...good,
    properties: { ...good.properties, colour: 'red' },
  });
  expect(problems).toEqual([
    { code: 'RequestInvalid', target: 'properties.colour', message: 'there is no member colour' },
  ]);
  expect(target).toBe('properties.colour');
});

it.each([
  ['null', null],
  ['an array', [good]],
  ['a string', 'text'],
  ['a number', 7],
])('%s is no body', async (kind, body) => {
  expect((await refusalOf(body)).message).toBe(`the body is ${kind}, send an object`);
});

it('a null in an array is refused by its place', async () => {
  const { problems } = await refusalOf({ name: 'a', properties: { parameters: [null], slots: 1 } });
  expect(problems[0]?.target).toBe('properties.parameters[0]');
});

it('a handler that declares no rules gets the body as it is', async () => {
  expect(await check({ anything: true }, Free)).toEqual({ anything: true });
  expect(await pipe.transform('text', { type: 'body' })).toBe('text');
});
