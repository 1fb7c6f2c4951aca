import type { ClassGroup } from '../core/class-order.ts';

/** The hundred fine labels of CIFAR-100 in the order of their indices (alphabetical). */
export const cifar100Classes: readonly string[] = (
  'apple,aquarium fish,baby,bear,beaver,bed,bee,beetle,bicycle,bottle,' +
  'bowl,boy,bridge,bus,butterfly,camel,can,castle,caterpillar,cattle,' +
  'chair,chimpanzee,clock,cloud,cockroach,couch,crab,crocodile,cup,dinosaur,' +
  'dolphin,elephant,flatfish,forest,fox,girl,hamster,house,kangaroo,keyboard,' +
  'lamp,lawn mower,leopard,lion,lizard,lobster,man,maple tree,motorcycle,mountain,' +
  'mouse,mushroom,oak tree,orange,orchid,otter,palm tree,pear,pickup truck,pine tree,' +
  'plain,plate,poppy,porcupine,possum,rabbit,raccoon,ray,road,rocket,' +
  'rose,sea,seal,shark,shrew,skunk,skyscraper,snail,snake,spider,' +
  'squirrel,streetcar,sunflower,sweet pepper,table,tank,telephone,television,tiger,tractor,' +
  'train,trout,tulip,turtle,wardrobe,whale,willow tree,wolf,woman,worm'
).split(',');

/** Its twenty superclasses, the coarse labels, in the order of their indices. */
export const cifar100Superclasses: readonly string[] = (
  'aquatic mammals,fish,flowers,food containers,fruit and vegetables,household electrical devices,household furniture,' +
  'insects,large carnivores,large man-made outdoor things,large natural outdoor scenes,large omnivores and herbivores,' +
  'medium-sized mammals,non-insect invertebrates,people,reptiles,small mammals,trees,vehicles 1,vehicles 2'
).split(',');

/** Superclass of each class as a letter, a for the first. */
const SUPERCLASS_OF =
  'eboiaghhsddojshldjhlglfkhgnpdpalbkmoqjlfftiipnorskqerecaresrkdcmmqmbjtckabqmjnpnqtcegtffitsbcpgarion';

/** The classes of CIFAR-100 by superclass; null of other classes. */
export function superclassesOf(classes: readonly string[]): readonly ClassGroup[] | null {
  if (classes.length !== cifar100Classes.length) return null;
  if (classes.some((name, c) => name !== cifar100Classes[c])) return null;
  return groups;
}

const groups: readonly ClassGroup[] = cifar100Superclasses.map((name, g) => ({
  name,
  classes: cifar100Classes.flatMap((_, c) => (SUPERCLASS_OF.charCodeAt(c) === 97 + g ? [c] : [])),
}));
