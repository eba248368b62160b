/* The hash of each key in a classic map, as far as the recording has it.
 *
 * A map keeps a byte of each hash; which bucket a key goes to at the next doubling it works out anew.  A
 * recording has the hash of each key from the put that inserted it: it is followed from slot to slot.  A NaN
 * has none that lasts.
 */
#ifndef UI_SCENE_CLASSIC_HASHES_H
#define UI_SCENE_CLASSIC_HASHES_H

#include "ui/scene/classic/classic.h"

#include "ui/panel/frame.h"

/* What a view asks for that wants hash_of_slot. */
extern const struct overview_kind key_hashes;

/* The hash of the key in a full slot.  false: it has none that lasts, or it is not worked out yet. */
bool hash_of_slot(const struct frame *f, const struct map_group *g, int slot, uint64_t *ret);

#endif
