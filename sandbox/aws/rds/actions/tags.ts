import type { XmlObject } from '../../xml.ts';
import { findSubnetGroup } from '../catalogue.ts';
import { checkTagCount, readTags, refuseOthers, type Tag } from '../checks.ts';
import { invalidValue } from '../errors.ts';
import type { Form } from '../form.ts';
import { findParameterGroup } from '../parameter-groups.ts';
import { findInstance, findSnapshot, type Region } from '../region.ts';
import { viewTags } from '../views.ts';

interface Tagged {
  tags: readonly Tag[];
}

export function listTags(region: Region, form: Form): XmlObject {
  refuseOthers(form, ['ResourceName', 'Filters']);
  return { TagList: viewTags(findTagged(region, form).tags) };
}

export function addTags(region: Region, form: Form): undefined {
  refuseOthers(form, ['ResourceName', 'Tags']);
  const tagged = findTagged(region, form);
  const added = readTags(form) ?? [];
  const kept = tagged.tags.filter(({ Key }) => !added.some((tag) => tag.Key === Key));
  tagged.tags = checkTagCount([...kept, ...added]);
}

export function removeTags(region: Region, form: Form): undefined {
  refuseOthers(form, ['ResourceName', 'TagKeys']);
  const tagged = findTagged(region, form);
  const removed = form.list('TagKeys') ?? [];
  tagged.tags = tagged.tags.filter(({ Key }) => !removed.includes(Key));
}

/** Subnet groups exist but carry no tags here. */
function findTagged(region: Region, form: Form): Tagged {
  const name = form.required('ResourceName');
  const [, kind = '', id = ''] = /^arn:aws:rds:[^:]*:[^:]*:(db|snapshot|pg|subgrp):(.+)$/.exec(name) ?? [];
  if (kind === 'db') return findInstance(region, id);
  if (kind === 'snapshot') return findSnapshot(region, id);
  if (kind === 'pg') return findParameterGroup(region, id);
  if (kind === 'subgrp' && findSubnetGroup(id)) return { tags: [] };
  throw invalidValue(`Invalid resource name: ${name}`);
}
