import { isConstructed } from '../../formats/der/header.ts';
import type { DerElement } from '../../formats/der/reader.ts';
import { outlineDer } from './der-outline.ts';
import { primitiveText } from './primitive-text.ts';

/** Returns the value of a primitive universal type as text, and the outline of every other value. */
export const elementText = (element: DerElement): string =>
  isConstructed(element.tag) || element.tag >= 0x40 ? outlineDer(element.encoding) : primitiveText(element);
