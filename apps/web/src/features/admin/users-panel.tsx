'use client';
import { useQuery } from '@tanstack/react-query';
import { Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { EmptyState } from '@/components/ui/states.tsx';
import { formatDate } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { PlainTable } from './plain-table.tsx';
import { QueryPanel } from './query-panel.tsx';

const { userColumns: columns, users: caption, noUsers, guest, role } = strings.admin;

export function UsersPanel(): ReactNode {
  const trpc = useTRPC();
  const users = useQuery(trpc.admin.users.queryOptions({ take: 100 }));
  return (
    <QueryPanel query={users}>
      {(rows) =>
        rows.length === 0 ? (
          <EmptyState title={noUsers} icon={Users} />
        ) : (
          <PlainTable
            caption={caption}
            columns={[columns.name, columns.role, columns.ratings, columns.tracks, columns.since]}
            rows={rows.map((user) => ({
              id: user.id,
              cells: [
                user.isGuest ? guest : `${user.name}${user.email ? ` (${user.email})` : ''}`,
                role[user.role],
                user.ratings,
                user.tracks,
                formatDate(user.createdAt),
              ],
            }))}
          />
        )
      }
    </QueryPanel>
  );
}
