/** Entry of the worker that writes exports: megabytes of them, beside the page. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { answerHere } from '../wire/scope.ts';
import { serve } from '../wire/serve.ts';
import { bundle } from './bundle.ts';
import check from './drivers/check.c?raw';
import header from './drivers/offramp.h?raw';
import script from './drivers/offramp.mjs?raw';
import python from './drivers/offramp.py?raw';
import type { ExportCalls } from './protocol.ts';
import { zipped } from './zip.ts';

const drivers = {
  'offramp.py': python,
  'offramp.mjs': script,
  'offramp.h': header,
  'check.c': check,
};

answerHere<ExportCalls>(
  (send) =>
    serve<ExportCalls>(send, {
      async write({ wanted, folder }, { tell }) {
        await tf.setBackend('cpu');
        return zipped(await bundle(wanted, drivers, tell), folder);
      },
    }).receive,
);
