/*
 * One heap of the C library for all threads. Left to itself it reserves 64 MiB of addresses for each of them. Together with what the runtime's
 * collector reserves that is more than a small RLIMIT_AS allows, and the runtime has its first thread before any managed code runs: so this is
 * set before main. Other C libraries have one heap anyway.
 */
#include <malloc.h>

#ifdef __GLIBC__
__attribute__((constructor)) static void one_heap(void)
{
    mallopt(M_ARENA_MAX, 1);
}
#endif
