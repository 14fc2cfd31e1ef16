import { Module } from '@nestjs/common';
import { SinkLoops } from './sink-loops';

@Module({ providers: [SinkLoops] })
export class SinkWriterModule {}
