import { classChildren } from "./tree.ts";

/** Where an instance of a registered class holds a child: a property, or an element of one. */
export interface ChildPlace {
  readonly key: string;
  readonly index?: number;
}

/**
 * Where each child of an instance is: changing the value of that place changes the child. Where a place cannot be changed
 * (private fields), the place is the only property with the child's value.
 *
 * @param more names to try besides the instance's own properties, such as getters
 */
export function placesOfChildren(instance: object, more: readonly string[] = []): (ChildPlace | undefined)[] {
  const of = instance as Record<string, unknown>;
  const keys = [...new Set([...Object.keys(of), ...more.filter((key) => key in of)])];
  const places = classChildren(of.constructor, of).children.map((child): ChildPlace | undefined => {
    const equals = keys.filter((key) => of[key] === child);
    return equals.length === 1 ? { key: equals[0] } : undefined;
  });
  for (const key of keys) {
    const whole = {};
    const at = childrenWith(of, key, whole).indexOf(whole);
    if (at >= 0) places[at] = { key };
    const list = of[key];
    if (at >= 0 || !Array.isArray(list)) continue;
    const marks: unknown[] = list.map(() => ({}));
    childrenWith(of, key, marks).forEach((child, i) => {
      const index = marks.indexOf(child);
      if (index >= 0) places[i] = { key, index };
    });
  }
  return places;
}

/** Children of an instance with another value of one property; none where its class cannot be flattened then. */
function childrenWith(instance: Record<string, unknown>, key: string, value: unknown): readonly unknown[] {
  const copy: unknown = Object.create(instance, { [key]: { value, enumerable: true } });
  try {
    const { children } = classChildren(instance.constructor, copy);
    return Array.isArray(children) ? children : [];
  } catch {
    return [];
  }
}
