/* The functions of the classic map, as ui/scene/code.h numbers them. */
#ifndef UI_SCENE_CLASSIC_CODE_H
#define UI_SCENE_CLASSIC_CODE_H

enum classic_function {
	CLASSIC_LOOKUP,
	CLASSIC_ASSIGN,
	CLASSIC_DELETE,
	CLASSIC_EVACUATE,
	CLASSIC_GROW,
	CLASSIC_ITERATE,
	CLASSIC_CLEAR,
	CLASSIC_FUNCTIONS
};

#endif
