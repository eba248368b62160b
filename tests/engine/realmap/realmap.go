package main

// Maps of the real runtime, driven through the functions that compiled code
// would call, with all randomness pinned to the map's own stream.

import (
	"encoding/binary"
	"reflect"
	"runtime"
	"sync"
	"unsafe"
)

// pins is mapscopePins of _runtime/hook.go.
type pins struct {
	state uint64
	keys  [4]uintptr
	aes   bool
	sched [128]byte
}

// Bodies in _runtime/hook.go.
func nextDraw(p *pins) uint64
func enter(p *pins)
func leave()
func objectEnd(p unsafe.Pointer) uintptr
func mapMake(t unsafe.Pointer, hint int, h unsafe.Pointer) unsafe.Pointer
func mapAssign(t, h, key unsafe.Pointer) unsafe.Pointer
func mapAssign32(t, h unsafe.Pointer, key uint32) unsafe.Pointer
func mapAssign64(t, h unsafe.Pointer, key uint64) unsafe.Pointer
func mapAssignStr(t, h unsafe.Pointer, key string) unsafe.Pointer
func mapAccess(t, h, key unsafe.Pointer) (unsafe.Pointer, bool)
func mapAccess32(t, h unsafe.Pointer, key uint32) (unsafe.Pointer, bool)
func mapAccess64(t, h unsafe.Pointer, key uint64) (unsafe.Pointer, bool)
func mapAccessStr(t, h unsafe.Pointer, key string) (unsafe.Pointer, bool)
func mapDelete(t, h, key unsafe.Pointer)
func mapDelete32(t, h unsafe.Pointer, key uint32)
func mapDelete64(t, h unsafe.Pointer, key uint64)
func mapDeleteStr(t, h unsafe.Pointer, key string)
func mapClear(t, h unsafe.Pointer)
func mapIterInit(t, h unsafe.Pointer, it *hiter)
func mapIterNext(it *hiter)

// hiter has the runtime's layout, the same from 1.18 to 1.23.
type hiter struct {
	key, elem, t, h, buckets, bptr, overflow, oldoverflow unsafe.Pointer
	startBucket                                           uintptr
	offset                                                uint8
	wrapped                                               bool
	b, i                                                  uint8
	bucket, checkBucket                                   uintptr
}

// fastKind is the compiler's choice among the map functions.
type fastKind int

const (
	general fastKind = iota
	fast32
	fast64
	faststr
)

type workMap struct {
	name       string
	key, elem  *valueType
	t          unsafe.Pointer // *runtime.maptype
	h          unsafe.Pointer // *runtime.hmap, nil for a nil map
	fast       fastKind
	pins       pins
	sync       *sync.Map      // not nil: all of this is about it, and h is nil
	kbuf, ebuf unsafe.Pointer // the operands of the operation under way
}

// chooseFast follows cmd/compile: plain memory of 4 or 8 bytes and strings have
// functions of their own when the elem is stored in the bucket.
func chooseFast(key, elem *valueType) fastKind {
	if elem.size > 128 {
		return general
	}
	switch key.kind {
	case reflect.String:
		return faststr
	case reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128, reflect.Interface:
		return general
	}
	switch key.size {
	case 4:
		return fast32
	case 8:
		return fast64
	}
	return general
}

func typeWord(t reflect.Type) unsafe.Pointer {
	return (*[2]unsafe.Pointer)(unsafe.Pointer(&t))[1]
}

const hasherOffset = 72 // in maptype

// mapTypeOf makes the runtime's map type. reflect hashes by the size of the key;
// the compiler has its own function for keys of no bytes, which returns the
// seed as it is, so such types get the hasher of a compiled one.
func mapTypeOf(key, elem *valueType) unsafe.Pointer {
	t := typeWord(reflect.MapOf(key.real, elem.real))
	if key.size == 0 {
		compiled := typeWord(reflect.TypeOf(map[struct{}]int16(nil)))
		want := *(*unsafe.Pointer)(unsafe.Add(compiled, hasherOffset))
		have := (*unsafe.Pointer)(unsafe.Add(t, hasherOffset))
		if *have != want { // a type in read-only memory has it already
			*have = want
		}
	}
	return t
}

func newMap(d *mapDecl) *workMap {
	m := &workMap{name: d.name, key: d.key, elem: d.elem,
		t: mapTypeOf(d.key, d.elem), fast: chooseFast(d.key, d.elem),
		kbuf: reflect.New(d.key.real).UnsafePointer(),
		ebuf: reflect.New(d.elem.real).UnsafePointer()}
	m.pins.state = d.seed
	for i := range m.pins.keys {
		m.pins.keys[i] = uintptr(nextDraw(&m.pins) | 1)
	}
	if d.aes {
		m.pins.aes = true
		for i := 0; i < len(m.pins.sched); i += 8 {
			binary.LittleEndian.PutUint64(m.pins.sched[i:], nextDraw(&m.pins))
		}
	}
	if d.isSync {
		theLog.open()
		m.sync = new(sync.Map)
		theLog.close(false)
	}
	if d.isNil || d.isSync {
		return m
	}
	enter(&m.pins)
	defer leave()
	if d.stack {
		m.makeOnStack(d.hint)
	} else {
		theLog.open()
		m.h = mapMake(m.t, d.hint, nil)
		theLog.close(false)
	}
	return m
}

// makeOnStack does what compiled code does for a map that does not escape: hmap
// and, for a hint of at most 8, the first bucket are zeroed variables.
func (m *workMap) makeOnStack(hint int) {
	h := new(hmap)
	m.h = unsafe.Pointer(h)
	if hint > 8 {
		theLog.open()
		mapMake(m.t, hint, m.h)
		theLog.close(false)
		return
	}
	h.hash0 = uint32(nextDraw(&m.pins))
	words := (m.bucketSize() + 7) / 8
	h.buckets = unsafe.Pointer(&make([]unsafe.Pointer, words)[0])
}

// guard runs one operation with the map's randomness; it reports a panic of Go.
func (m *workMap) guard(operation func()) (panicked bool) {
	defer func() {
		leave()
		if r := recover(); r != nil {
			if _, ok := r.(runtime.Error); !ok {
				panic(r)
			}
			panicked = true
		}
		theLog.close(panicked)
	}()
	enter(&m.pins)
	theLog.open()
	operation()
	return false
}

// put stores the elem in ebuf under the key in kbuf.
func (m *workMap) put() {
	m.guard(func() {
		var slot unsafe.Pointer
		m.key.settle(m.kbuf)
		m.elem.settle(m.ebuf)
		switch m.fast {
		case fast32:
			slot = mapAssign32(m.t, m.h, *(*uint32)(m.kbuf))
		case fast64:
			slot = mapAssign64(m.t, m.h, *(*uint64)(m.kbuf))
		case faststr:
			slot = mapAssignStr(m.t, m.h, *(*string)(m.kbuf))
		default:
			slot = mapAssign(m.t, m.h, m.kbuf)
		}
		copy(bytesAt(slot, m.elem.size), bytesAt(m.ebuf, m.elem.size))
	})
}

// get looks the key in kbuf up; elem is nil when it is not there.
func (m *workMap) get() (elem unsafe.Pointer, panicked bool) {
	panicked = m.guard(func() {
		var p unsafe.Pointer
		var ok bool
		switch m.fast {
		case fast32:
			p, ok = mapAccess32(m.t, m.h, *(*uint32)(m.kbuf))
		case fast64:
			p, ok = mapAccess64(m.t, m.h, *(*uint64)(m.kbuf))
		case faststr:
			p, ok = mapAccessStr(m.t, m.h, *(*string)(m.kbuf))
		default:
			p, ok = mapAccess(m.t, m.h, m.kbuf)
		}
		if ok {
			elem = p
		}
	})
	return elem, panicked
}

func (m *workMap) del() {
	m.guard(func() {
		switch m.fast {
		case fast32:
			mapDelete32(m.t, m.h, *(*uint32)(m.kbuf))
		case fast64:
			mapDelete64(m.t, m.h, *(*uint64)(m.kbuf))
		case faststr:
			mapDeleteStr(m.t, m.h, *(*string)(m.kbuf))
		default:
			mapDelete(m.t, m.h, m.kbuf)
		}
	})
}

func (m *workMap) clear() {
	m.guard(func() { mapClear(m.t, m.h) })
}

// mapIter is a range loop.
type mapIter struct {
	m     *workMap
	it    hiter
	ended bool
}

// startIter begins a loop without a step. The runtime's mapiterinit takes the
// first step itself; a step changes nothing but the iterator, so it is undone.
func (m *workMap) startIter() *mapIter {
	l := &mapIter{m: m}
	m.guard(func() { mapIterInit(m.t, m.h, &l.it) })
	if l.it.h == nil { // the map was empty
		l.ended = true
		return l
	}
	l.it.key, l.it.elem, l.it.bptr = nil, nil, nil
	l.it.wrapped, l.it.i = false, 0
	l.it.bucket, l.it.checkBucket = l.it.startBucket, 0
	return l
}

// step goes to the next item and says whether there is one.
func (l *mapIter) step() bool {
	if l.ended {
		return false
	}
	l.m.guard(func() { mapIterNext(&l.it) })
	l.ended = l.it.key == nil
	return !l.ended
}
