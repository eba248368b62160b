/* What predict asks of a classic map. */
#ifndef UI_SCENE_CLASSIC_PREDICT_H
#define UI_SCENE_CLASSIC_PREDICT_H

#include "ui/scene/prediction.h"

enum predict_sort { PREDICT_BUCKET, PREDICT_TOP, PREDICT_SLOT, PREDICT_GROW, PREDICT_HALF, PREDICT_SORTS };

extern const struct explain_predictions classic_predictions;

#endif
