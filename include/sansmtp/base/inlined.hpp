// SANSMTP_INLINED: of a small function on a path that must be fast, that it has no call of its own.
//
// A compiler that optimizes for size (-Os, -Oz) may decide by itself: there the same function, once and called, is
// what is wanted.

#ifndef SANSMTP_BASE_INLINED_HPP
#define SANSMTP_BASE_INLINED_HPP

#ifdef __OPTIMIZE_SIZE__
#define SANSMTP_INLINED
#else
#define SANSMTP_INLINED [[gnu::always_inline]]
#endif

#endif
