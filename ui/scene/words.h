/* The sentences of any steps, one after the other: a player and a log of their own, so that nothing else
 * moves. A step costs some 20 us when the one before it was asked for before.
 */
#ifndef UI_SCENE_WORDS_H
#define UI_SCENE_WORDS_H

#include "ui/pass/words.h"

extern const struct words_maker sentence_words;

#endif
