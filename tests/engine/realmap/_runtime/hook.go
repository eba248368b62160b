// The part of realmap that lives inside package runtime.
//
// build.sh adds this file to the runtime by `go build -overlay`; nothing is
// installed or changed on disk. It gives package main plain access to the map
// functions that the compiler's code calls, and replaces the map code's random
// draws: build.sh wraps every draw in map*.go and alg.go, so rand() becomes
// mapscopeDraw64(rand()). While no operation is under way the wrappers hand on
// what the runtime drew, so the program's own maps work as ever.

package runtime

import "unsafe"

// mapscopePins is what one map of a workload owns of the runtime's randomness.
// Package main declares the same struct.
type mapscopePins struct {
	state uint64 // of splitmix64
	keys  [4]uintptr
	aes   bool
	sched [128]byte
}

// mapscopeNow is set during an operation on a map of the workload.
var mapscopeNow *mapscopePins

// mapscopeOwn keeps the runtime's own values while another map's are pinned.
var mapscopeOwn mapscopePins

//go:linkname mapscopeNext main.nextDraw
func mapscopeNext(p *mapscopePins) uint64 {
	p.state += 0x9e3779b97f4a7c15
	z := p.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func mapscopeDraw64(drawn uint64) uint64 {
	if mapscopeNow == nil {
		return drawn
	}
	return mapscopeNext(mapscopeNow)
}

func mapscopeDraw32(drawn uint32) uint32 {
	if mapscopeNow == nil {
		return drawn
	}
	return uint32(mapscopeNext(mapscopeNow))
}

// mapscopeEnter pins the hash's globals to those of one map. Only one goroutine
// runs and the collector is off, so nothing else hashes until mapscopeLeave.
//
//go:linkname mapscopeEnter main.enter
func mapscopeEnter(p *mapscopePins) {
	mapscopeOwn.keys = hashkey
	mapscopeOwn.aes = useAeshash
	hashkey = p.keys
	useAeshash = p.aes
	if p.aes {
		mapscopeOwn.sched = aeskeysched
		aeskeysched = p.sched
	}
	mapscopeNow = p
}

//go:linkname mapscopeLeave main.leave
func mapscopeLeave() {
	if mapscopeNow == nil {
		return
	}
	if mapscopeNow.aes {
		aeskeysched = mapscopeOwn.sched
	}
	hashkey = mapscopeOwn.keys
	useAeshash = mapscopeOwn.aes
	mapscopeNow = nil
}

// mapscopeObjectEnd gives the end of the heap object that p points into.
//
//go:linkname mapscopeObjectEnd main.objectEnd
func mapscopeObjectEnd(p unsafe.Pointer) uintptr {
	base, s, _ := findObject(uintptr(p), 0, 0)
	if base == 0 {
		return 0
	}
	return base + s.elemsize
}

//go:linkname mapscopeMake main.mapMake
func mapscopeMake(t *maptype, hint int, h *hmap) *hmap {
	return makemap(t, hint, h)
}

//go:linkname mapscopeAssign main.mapAssign
func mapscopeAssign(t *maptype, h *hmap, key unsafe.Pointer) unsafe.Pointer {
	return mapassign(t, h, key)
}

//go:linkname mapscopeAssign32 main.mapAssign32
func mapscopeAssign32(t *maptype, h *hmap, key uint32) unsafe.Pointer {
	return mapassign_fast32(t, h, key)
}

//go:linkname mapscopeAssign64 main.mapAssign64
func mapscopeAssign64(t *maptype, h *hmap, key uint64) unsafe.Pointer {
	return mapassign_fast64(t, h, key)
}

//go:linkname mapscopeAssignStr main.mapAssignStr
func mapscopeAssignStr(t *maptype, h *hmap, key string) unsafe.Pointer {
	return mapassign_faststr(t, h, key)
}

//go:linkname mapscopeAccess main.mapAccess
func mapscopeAccess(t *maptype, h *hmap, key unsafe.Pointer) (unsafe.Pointer, bool) {
	return mapaccess2(t, h, key)
}

//go:linkname mapscopeAccess32 main.mapAccess32
func mapscopeAccess32(t *maptype, h *hmap, key uint32) (unsafe.Pointer, bool) {
	return mapaccess2_fast32(t, h, key)
}

//go:linkname mapscopeAccess64 main.mapAccess64
func mapscopeAccess64(t *maptype, h *hmap, key uint64) (unsafe.Pointer, bool) {
	return mapaccess2_fast64(t, h, key)
}

//go:linkname mapscopeAccessStr main.mapAccessStr
func mapscopeAccessStr(t *maptype, h *hmap, key string) (unsafe.Pointer, bool) {
	return mapaccess2_faststr(t, h, key)
}

//go:linkname mapscopeDelete main.mapDelete
func mapscopeDelete(t *maptype, h *hmap, key unsafe.Pointer) {
	mapdelete(t, h, key)
}

//go:linkname mapscopeDelete32 main.mapDelete32
func mapscopeDelete32(t *maptype, h *hmap, key uint32) {
	mapdelete_fast32(t, h, key)
}

//go:linkname mapscopeDelete64 main.mapDelete64
func mapscopeDelete64(t *maptype, h *hmap, key uint64) {
	mapdelete_fast64(t, h, key)
}

//go:linkname mapscopeDeleteStr main.mapDeleteStr
func mapscopeDeleteStr(t *maptype, h *hmap, key string) {
	mapdelete_faststr(t, h, key)
}

//go:linkname mapscopeClear main.mapClear
func mapscopeClear(t *maptype, h *hmap) {
	mapclear(t, h)
}

//go:linkname mapscopeIterInit main.mapIterInit
func mapscopeIterInit(t *maptype, h *hmap, it *hiter) {
	mapiterinit(t, h, it)
}

//go:linkname mapscopeIterNext main.mapIterNext
func mapscopeIterNext(it *hiter) {
	mapiternext(it)
}
