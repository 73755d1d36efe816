/** The makers this installation can connect cars of. A new one is a folder in `adapters`, and a line here. */

import { pushProvider } from './adapters/push/provider.ts';
import { simulatorProvider } from './adapters/simulator/provider.ts';
import type { Providers } from './seams/car-provider.ts';

export const providers: Providers = { push: pushProvider, simulator: simulatorProvider };
