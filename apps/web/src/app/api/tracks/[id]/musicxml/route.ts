import { trackFileRoute } from '../../../../../server/http/track-file.ts';

export const dynamic = 'force-dynamic';
export const GET = trackFileRoute('musicxml', 'attachment');
