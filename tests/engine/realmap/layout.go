package main

// The layout dump: a map's memory as text, with no address in it.

import (
	"reflect"
	"strconv"
	"unsafe"
)

// hmap and mapextra have the runtime's layout, the same from 1.18 to 1.23.
type hmap struct {
	count      int
	flags, b   uint8
	noverflow  uint16
	hash0      uint32
	buckets    unsafe.Pointer
	oldbuckets unsafe.Pointer
	nevacuate  uintptr
	extra      *mapextra
}

type mapextra struct {
	overflow, oldoverflow, nextOverflow unsafe.Pointer
}

const (
	sameSizeGrow = 8
	slots        = 8

	// Offsets in maptype.
	keySizeOffset    = 80
	elemSizeOffset   = 81
	bucketSizeOffset = 82
)

func (m *workMap) bucketSize() uintptr {
	return uintptr(*(*uint16)(unsafe.Add(m.t, bucketSizeOffset)))
}

// slotSizes are those in a bucket: a pointer for what is over 128 bytes.
func (m *workMap) slotSizes() (key, elem uintptr) {
	return uintptr(*(*uint8)(unsafe.Add(m.t, keySizeOffset))),
		uintptr(*(*uint8)(unsafe.Add(m.t, elemSizeOffset)))
}

func (m *workMap) nextBucket(b unsafe.Pointer) *unsafe.Pointer {
	return (*unsafe.Pointer)(unsafe.Add(b, m.bucketSize()-8))
}

func (m *workMap) dump(out []byte) []byte {
	if m.sync != nil {
		return m.dumpSync(out)
	}
	if m.h == nil {
		return append(out, "nil\n"...)
	}
	h := (*hmap)(m.h)
	out = append(out, "hmap count="...)
	out = strconv.AppendInt(out, int64(h.count), 10)
	out = appendField(out, " flags=", uint64(h.flags))
	out = appendField(out, " B=", uint64(h.b))
	out = appendField(out, " noverflow=", uint64(h.noverflow))
	out = append(out, " hash0="...)
	for shift := 24; shift >= 0; shift -= 8 {
		out = appendHex(out, byte(h.hash0>>shift))
	}
	out = appendField(out, " nevacuate=", uint64(h.nevacuate))
	grow, oldB := "none", h.b
	if h.oldbuckets != nil {
		grow = "same"
		if h.flags&sameSizeGrow == 0 {
			grow, oldB = "double", h.b-1
		}
	}
	out = append(out, " grow="...)
	out = append(out, grow...)
	out = appendField(out, " free=", m.freeOverflow(h))
	out = append(out, '\n')
	if h.buckets != nil {
		out = m.dumpArray(out, "new ", h.buckets, h.b)
	}
	if h.oldbuckets != nil {
		out = m.dumpArray(out, "old ", h.oldbuckets, oldB)
	}
	return out
}

func appendField(out []byte, name string, x uint64) []byte {
	return strconv.AppendUint(append(out, name...), x, 10)
}

// freeOverflow counts the preallocated buckets not yet handed out: only the
// array's last one has an overflow pointer, a mark that is no bucket.
func (m *workMap) freeOverflow(h *hmap) uint64 {
	if h.extra == nil || h.extra.nextOverflow == nil {
		return 0
	}
	n := uint64(1)
	for b := h.extra.nextOverflow; *m.nextBucket(b) == nil; n++ {
		b = unsafe.Add(b, m.bucketSize())
	}
	return n
}

// dumpArray prints every bucket with its chain. What lies behind the array's
// own buckets in the same heap object is preallocated.
func (m *workMap) dumpArray(out []byte, which string, array unsafe.Pointer, b uint8) []byte {
	size := m.bucketSize()
	pre := uintptr(array) + size<<b
	end := objectEnd(array)
	for i := uintptr(0); i < 1<<b; i++ {
		depth := uint64(0)
		for p := unsafe.Add(array, i*size); p != nil; p = *m.nextBucket(p) {
			out = append(out, which...)
			out = strconv.AppendUint(out, uint64(i), 10)
			out = append(out, '.')
			out = strconv.AppendUint(out, depth, 10)
			switch {
			case depth == 0:
				out = append(out, " main "...)
			case uintptr(p) >= pre && uintptr(p) < end:
				out = appendField(out, " pre", uint64((uintptr(p)-pre)/size))
				out = append(out, ' ')
			default:
				out = append(out, " heap "...)
			}
			out = appendHexBytes(out, bytesAt(p, slots))
			out = append(out, '\n')
			out = m.dumpSlots(out, p)
			depth++
		}
	}
	return out
}

func (m *workMap) dumpSlots(out []byte, bucket unsafe.Pointer) []byte {
	keySize, elemSize := m.slotSizes()
	for i := uintptr(0); i < slots; i++ {
		key := unsafe.Add(bucket, slots+i*keySize)
		elem := unsafe.Add(bucket, slots+slots*keySize+i*elemSize)
		if allZero(key, keySize) && allZero(elem, elemSize) {
			continue
		}
		out = append(out, ' ')
		out = strconv.AppendUint(out, uint64(i), 10)
		out = append(out, ' ')
		out = appendSlot(out, m.key, key)
		out = append(out, ' ')
		out = appendSlot(out, m.elem, elem)
		out = append(out, '\n')
	}
	return out
}

func allZero(p unsafe.Pointer, n uintptr) bool {
	for _, b := range bytesAt(p, n) {
		if b != 0 {
			return false
		}
	}
	return true
}

// appendSlot prints a value as it lies in a bucket.
func appendSlot(out []byte, t *valueType, p unsafe.Pointer) []byte {
	if t.size <= 128 {
		return appendValue(out, t, p)
	}
	p = *(*unsafe.Pointer)(p)
	if p == nil {
		return append(out, "*nil"...)
	}
	return appendValue(append(out, '*'), t, p)
}

func appendValue(out []byte, t *valueType, p unsafe.Pointer) []byte {
	switch t.kind {
	case reflect.String:
		return appendString(out, p)
	case reflect.Interface:
		return appendAny(out, p)
	case reflect.Ptr:
		return appendEntry(out, *(*unsafe.Pointer)(p))
	}
	return appendRaw(out, p, t.size)
}

func appendRaw(out []byte, p unsafe.Pointer, size uintptr) []byte {
	if size == 0 {
		return append(out, '-')
	}
	return appendHexBytes(out, bytesAt(p, size))
}

// appendString does not trust the pointer: deletes clear it and leave the length.
func appendString(out []byte, p unsafe.Pointer) []byte {
	text := *(*unsafe.Pointer)(p)
	length := *(*int)(unsafe.Add(p, 8))
	out = strconv.AppendInt(out, int64(length), 10)
	if text == nil || length == 0 {
		return append(out, ":nil"...)
	}
	out = append(out, ':', '"')
	for _, c := range bytesAt(text, uintptr(length)) {
		switch {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c >= ' ' && c <= '~':
			out = append(out, c)
		default:
			out = appendHex(append(out, '\\', 'x'), c)
		}
	}
	return append(out, '"')
}

func appendAny(out []byte, p unsafe.Pointer) []byte {
	v := *(*any)(p)
	if v == nil {
		return append(out, "nil"...)
	}
	t := reflect.TypeOf(v)
	data := *(*unsafe.Pointer)(unsafe.Add(p, 8))
	out = append(append(out, typeName(t)...), ':')
	switch t.Kind() {
	case reflect.String:
		return appendString(out, data)
	case reflect.Slice: // an empty one: address, length and capacity, less the address
		header := *(*[3]uintptr)(data)
		header[0] = 0
		data = unsafe.Pointer(&header)
	}
	return appendRaw(out, data, t.Size())
}

const hexDigits = "0123456789abcdef"

func appendHex(out []byte, b byte) []byte {
	return append(out, hexDigits[b>>4], hexDigits[b&15])
}

func appendHexBytes(out []byte, s []byte) []byte {
	for _, b := range s {
		out = appendHex(out, b)
	}
	return out
}
