import path from 'node:path';
import type { NextConfig } from 'next';

const workspace = path.join(import.meta.dirname, '../..');

const config: NextConfig = {
  allowedDevOrigins: ['127.0.0.1', 'localhost'],
  outputFileTracingRoot: workspace,
  turbopack: { root: workspace },
  poweredByHeader: false,
  // Loaded by Node itself: native parts, wasm files beside the code, or workers of their own.
  serverExternalPackages: [
    '@electric-sql/pglite',
    'pg',
    'better-auth',
    '@eshaz/web-worker', // beneath the audio decoders: imports what it is told at run time
    '@attune/classify',
    '@attune/core',
    '@attune/generate',
    '@attune/recommend',
  ],
  headers: () =>
    Promise.resolve([
      {
        source: '/:path*',
        headers: [
          { key: 'X-Content-Type-Options', value: 'nosniff' },
          { key: 'Referrer-Policy', value: 'same-origin' },
          { key: 'X-Frame-Options', value: 'DENY' },
        ],
      },
    ]),
};

export default config;
