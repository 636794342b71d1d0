import {
  AudioLines,
  CircleUser,
  Compass,
  Library,
  Search,
  ShieldCheck,
  SlidersHorizontal,
  Sparkles,
  type LucideIcon,
} from 'lucide-react';
import { strings } from '@/strings/index.ts';

export interface NavItem {
  readonly href: string;
  readonly label: string;
  readonly icon: LucideIcon;
}

export const MAIN_ITEMS: readonly NavItem[] = [
  { href: '/', label: strings.nav.discover, icon: Compass },
  { href: '/for-you', label: strings.nav.forYou, icon: Sparkles },
  { href: '/studio', label: strings.nav.studio, icon: SlidersHorizontal },
  { href: '/library', label: strings.nav.library, icon: Library },
  { href: '/taste', label: strings.nav.taste, icon: AudioLines },
];
/** Of its own: the bar of a phone has room for five. */
export const SEARCH_ITEM: NavItem = { href: '/search', label: strings.nav.search, icon: Search };
export const ACCOUNT_ITEM: NavItem = { href: '/account', label: strings.nav.account, icon: CircleUser };
export const ADMIN_ITEM: NavItem = { href: '/admin', label: strings.nav.admin, icon: ShieldCheck };
