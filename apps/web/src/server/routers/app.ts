import { router } from '../trpc.ts';
import { adminRouter } from './admin.ts';
import { composeRouter } from './compose.ts';
import { libraryRouter, trackRouter } from './library.ts';
import { discoverRouter, playRouter, ratingRouter, recommendRouter, tasteRouter } from './listening.ts';
import { searchRouter } from './search.ts';
import { viewerRouter } from './viewer.ts';

export const appRouter = router({
  viewer: viewerRouter,
  discover: discoverRouter,
  rating: ratingRouter,
  play: playRouter,
  recommend: recommendRouter,
  compose: composeRouter,
  library: libraryRouter,
  track: trackRouter,
  taste: tasteRouter,
  search: searchRouter,
  admin: adminRouter,
});
export type AppRouter = typeof appRouter;
