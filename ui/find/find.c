/* What prompts ask for; see find.h. */
#include "ui/find/find.h"
#include "ui/grid/text.h"

const char *find_sign(enum ask ask)
{
	switch (ask) {
	case ASK_SEARCH: return "/";
	case ASK_BOOKMARK: return _("bookmark: ");
	case ASK_BOOKMARK_EDIT: return _("change the bookmark: ");
	case ASK_SAVE: return _("save the frame as: ");
	case ASK_REPLACE: return _("there is such a file; replace it? y n: ");
	default: return ":";
	}
}
