import { integer, list, moref, object, required, text, variant, word, type Decoded } from '../shape.ts';
import { localizedFault } from './fault.ts';

/** `ClusterAction` of a recommendation; the others (migrations that must come first, ...) are known by type alone. */
const clusterAction = variant({
  PlacementAction: {
    vm: moref,
    targetHost: moref,
    relocateSpec: object({ host: moref, datastore: moref, pool: moref }),
  },
  ClusterInitialPlacementAction: { targetHost: required(moref), pool: moref },
});
export type ClusterAction = Decoded<typeof clusterAction>;

/** `PlacementResult`: what DRS recommends, or why it cannot. */
export const placementResult = object({
  recommendations: list(
    object({
      key: required(word),
      type: word,
      /** 1 to 5, 5 the best. */
      rating: required(integer),
      reason: word,
      reasonText: text,
      warningText: text,
      action: list(clusterAction),
      target: moref,
    }),
  ),
  drsFault: object({
    reason: word,
    faultsByVm: list(object({ vm: moref, fault: list(localizedFault) })),
  }),
});
export type PlacementResult = Decoded<typeof placementResult>;
