package main

// The real sync.Map, with the randomness of its two maps pinned, and what is in it.

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"sync"
	"unsafe"
)

// Methods that came later than 1.19.
type swapper interface {
	Swap(key, value any) (any, bool)
	CompareAndSwap(key, old, new any) bool
	CompareAndDelete(key, old any) bool
}
type clearer interface{ Clear() }

var (
	innerType = typeWord(reflect.TypeOf(map[any]*int(nil))) // laid out as map[any]*entry
	entryType = &valueType{name: "*entry", kind: reflect.Ptr, size: 8}
	expunged  = findExpunged()
)

// syncField gives the address of a field of a sync.Map.
func syncField(m *sync.Map, name string) unsafe.Pointer {
	f, ok := reflect.TypeOf(m).Elem().FieldByName(name)
	if !ok {
		panic("sync.Map has no field " + name)
	}
	p := unsafe.Add(unsafe.Pointer(m), f.Offset)
	if name == "read" && f.Type.Size() == 16 { // an atomic.Value: the second word of its interface
		p = unsafe.Add(p, 8)
	}
	return p
}

// syncMaps gives the hmaps of both maps.
func syncMaps(m *sync.Map) (read, dirty unsafe.Pointer, amended bool) {
	if p := *(*unsafe.Pointer)(syncField(m, "read")); p != nil {
		read = *(*unsafe.Pointer)(p)
		amended = *(*bool)(unsafe.Add(p, 8))
	}
	return read, *(*unsafe.Pointer)(syncField(m, "dirty")), amended
}

func innerMap(h unsafe.Pointer) *workMap {
	return &workMap{t: innerType, h: h, key: parseType("any"), elem: entryType}
}

// findExpunged makes an expunged entry and looks what it points to.
func findExpunged() unsafe.Pointer {
	var m sync.Map
	m.Store(1, 1)
	m.Range(func(k, v any) bool { return true })
	m.Delete(1)
	m.Store(2, 2)
	read, _, _ := syncMaps(&m)
	for _, e := range innerMap(read).entries() {
		return *(*unsafe.Pointer)(e.entry)
	}
	panic("no entry in read")
}

type syncEntry struct {
	key, entry unsafe.Pointer
}

// entries gives the full slots in the order of memory.
func (m *workMap) entries() (all []syncEntry) {
	if m.h == nil {
		return nil
	}
	h := (*hmap)(m.h)
	oldB := h.b
	if h.flags&sameSizeGrow == 0 {
		oldB--
	}
	for _, a := range []struct {
		at unsafe.Pointer
		b  uint8
	}{{h.buckets, h.b}, {h.oldbuckets, oldB}} {
		for i := uintptr(0); a.at != nil && i < 1<<a.b; i++ {
			for p := unsafe.Add(a.at, i*m.bucketSize()); p != nil; p = *m.nextBucket(p) {
				for slot := uintptr(0); slot < slots; slot++ {
					if *(*uint8)(unsafe.Add(p, slot)) >= 5 {
						all = append(all, syncEntry{unsafe.Add(p, slots+slot*16),
							*(*unsafe.Pointer)(unsafe.Add(p, slots+slots*16+slot*8))})
					}
				}
			}
		}
	}
	return all
}

// appendEntry prints what an entry holds, as an elem in a bucket.
func appendEntry(out []byte, entry unsafe.Pointer) []byte {
	if entry == nil {
		return append(out, "none"...)
	}
	switch p := *(*unsafe.Pointer)(entry); p {
	case nil:
		return append(out, "nil"...)
	case expunged:
		return append(out, "expunged"...)
	default:
		return appendAny(out, p)
	}
}

func (m *workMap) dumpSync(out []byte) []byte {
	read, dirty, amended := syncMaps(m.sync)
	bit := 0
	if amended {
		bit = 1
	}
	out = append(out, fmt.Sprintf("syncmap misses=%d amended=%d locked=%d\n",
		*(*int)(syncField(m.sync, "misses")), bit, *(*int32)(syncField(m.sync, "mu")))...)
	out = innerMap(read).dump(append(out, "read\n"...))
	out = innerMap(dirty).dump(append(out, "dirty\n"...))
	where := map[unsafe.Pointer]string{}
	all := innerMap(read).entries()
	for _, e := range all {
		where[e.entry] = "read"
	}
	for _, e := range innerMap(dirty).entries() {
		if where[e.entry] != "" {
			where[e.entry] = "both"
		} else {
			where[e.entry] = "dirty"
			all = append(all, e)
		}
	}
	for _, e := range all {
		out = append(append(out, "entry "...), where[e.entry]...)
		out = appendAny(append(out, ' '), e.key)
		p := *(*unsafe.Pointer)(e.entry)
		if p != nil && p != expunged {
			out = append(out, " value"...)
		}
		out = append(appendEntry(append(out, ' '), e.entry), '\n')
	}
	return out
}

func (m *workMap) anyOf(t *valueType, p unsafe.Pointer) any {
	if t.kind == reflect.Interface {
		return *(*any)(p)
	}
	return reflect.NewAt(t.real, p).Elem().Interface()
}

// appendGot prints a result as the user's type has it.
func (m *workMap) appendGot(out []byte, v any) []byte {
	if m.elem.kind == reflect.Interface {
		return appendAny(out, unsafe.Pointer(&v))
	}
	p := reflect.New(m.elem.real)
	if v != nil {
		p.Elem().Set(reflect.ValueOf(v))
	}
	return appendValue(out, m.elem, p.UnsafePointer())
}

// syncOperation does one operation on the key in kbuf and the elem in ebuf (cas: and another).
func (r *runner) syncOperation(name string, other any) error {
	m := r.current
	key, elem := m.anyOf(m.key, m.kbuf), m.anyOf(m.elem, m.ebuf)
	later, _ := any(m.sync).(swapper)
	if later == nil && (name == "swap" || name == "cas" || name == "cad") {
		return errors.New(name + ": this release has none")
	}
	var got any
	var ok bool
	what := "got"
	stored := name == "put" || name == "swap" || name == "loadorstore"
	panicked := m.guard(func() {
		if theLog != nil && stored {
			key, elem = boxed(key), boxed(elem)
		} else if theLog != nil && name == "cas" {
			other = boxed(other)
		}
		switch name {
		case "put":
			m.sync.Store(key, elem)
			what = ""
		case "del":
			m.sync.Delete(key)
			what = ""
		case "get":
			got, ok = m.sync.Load(key)
		case "loadorstore":
			got, ok = m.sync.LoadOrStore(key, elem)
		case "loadanddelete":
			got, ok = m.sync.LoadAndDelete(key)
		case "swap":
			got, ok = later.Swap(key, elem)
		case "cas":
			ok = later.CompareAndSwap(key, elem, other)
			what = "did"
		case "cad":
			ok = later.CompareAndDelete(key, elem)
			what = "did"
		}
	})
	if r.dumpAll && !panicked && what != "" {
		r.buf = append(append(r.buf, what...), ' ')
		r.buf = strconv.AppendBool(r.buf, ok)
		if what == "got" {
			r.buf = m.appendGot(append(r.buf, ' '), got)
		}
		r.buf = append(r.buf, '\n')
	}
	return r.done(m)
}

type item struct{ key, value any }

// rangeItems is room for what Range gives, so that nothing of it is allocated while Range works.
var rangeItems = make([]item, 1<<16)

func (r *runner) syncRange() error {
	m := r.current
	items := rangeItems[:0]
	m.guard(func() {
		m.sync.Range(func(k, v any) bool {
			items = append(items, item{k, v})
			return true
		})
	})
	for _, i := range items {
		if r.dumpAll {
			keys := &workMap{elem: m.key}
			r.buf = append(keys.appendGot(append(r.buf, "item "...), i.key), ' ')
			r.buf = append(m.appendGot(r.buf, i.value), '\n')
		}
	}
	if r.dumpAll {
		r.buf = append(r.buf, "end\n"...)
	}
	return r.done(m)
}

func (r *runner) syncClear() error {
	m := r.current
	c, ok := any(m.sync).(clearer)
	if !ok {
		return errors.New("clear: this release has none")
	}
	m.guard(c.Clear)
	return r.done(m)
}

// syncWords are the operands of the operations that only a sync.Map has.
var syncWords = map[string]int{"loadorstore": 2, "loadanddelete": 1, "swap": 2, "cas": 3, "cad": 2}

func (r *runner) syncSingle(name string, args []word) error {
	m := r.current
	if m.sync == nil || len(args) != syncWords[name] {
		return fmt.Errorf("%s: want a sync.Map and %d words", name, syncWords[name])
	}
	if err := m.key.store(m.kbuf, args[0]); err != nil {
		return err
	}
	var other any
	for i := len(args) - 1; i > 0; i-- { // the last first: ebuf keeps the one after the key
		if err := m.elem.store(m.ebuf, args[i]); err != nil {
			return err
		}
		if i == 2 {
			other = m.anyOf(m.elem, m.ebuf)
		}
	}
	return r.syncOperation(name, other)
}
