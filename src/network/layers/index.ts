/** Layers that Keras lacks and other tools' networks have; registered with tfjs when this is imported. */
import { serialization } from '@tensorflow/tfjs-core';
import { Arithmetic, Binary, Elementwise } from './arithmetic.ts';
import { GroupedConv2D } from './grouped.ts';
import { Gather, Reduce, Slice } from './moves.ts';
import { Pool2D } from './pool.ts';

for (const layer of [Arithmetic, Binary, Elementwise, Gather, GroupedConv2D, Pool2D, Reduce, Slice])
  serialization.registerClass(layer as unknown as serialization.SerializableConstructor<never>);
