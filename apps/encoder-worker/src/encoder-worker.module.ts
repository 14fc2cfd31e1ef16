import { Module } from '@nestjs/common';
import { EncoderLoops } from './encoder-loops';

@Module({ providers: [EncoderLoops] })
export class EncoderWorkerModule {}
