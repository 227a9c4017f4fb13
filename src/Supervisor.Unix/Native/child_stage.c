/*
 * What a child does between its birth and its program: no managed code can run there.
 *
 * The daemon prepares a list of steps, and the child performs them in order, in a process of its own. A step that fails is written to the
 * child's stderr, and the child exits with 127, as Python Supervisor's forked child does.
 *
 * A child that takes another user's identity is a copy of the daemon (fork): that user may stop or kill it before its exec, and must not
 * thereby reach the daemon by shared memory or by a parent that waits. A child that keeps the daemon's identity shares its memory until the
 * exec (vfork), as with posix_spawn, which costs less.
 *
 * Only raw system calls: the C library's set*id functions would signal the threads of the parent, its fork handlers would take locks that
 * another thread may hold.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

enum { EXIT_NOT_SPAWNED = 127, LAST_SIGNAL = 64, KERNEL_SIGSET_SIZE = 8, STACK_SIZE = 16384 };

/* The same values as ChildStep.cs. */
enum operation {
    FAIL = 0,            /* nothing is tried: the text is the reason */
    NEW_GROUP = 1,
    NEW_SESSION = 2,
    PLACE = 3,           /* descriptor first becomes descriptor second */
    CLOSE_FROM = 4,      /* descriptors first and above; second is the limit where the kernel lacks close_range */
    SET_GROUPS = 5,      /* first of them, at data */
    SET_GID = 6,
    SET_UID = 7,
    DROP_AMBIENT = 8,    /* capabilities that would survive the change of user */
    CHANGE_DIRECTORY = 9,
    SET_UMASK = 10,
};

/* The same layout as ChildStep.cs. */
struct child_step {
    int64_t operation;
    int64_t first;
    int64_t second;
    const void *data;
    const char *complaint;  /* written when the step fails */
    int64_t names_error;    /* the complaint is followed by the name of the error */
};

struct child_request {
    const struct child_step *steps;
    int64_t step_count;
    const char *path;
    char *const *arguments;
    char *const *environment;
    const char *exec_complaint;
    const char *closing;             /* the last line of a child that did not become its program */
    const char *const *error_names;  /* by number */
    int64_t error_name_count;
    int64_t shares_memory;           /* no step changes the identity */
};

static size_t length_of(const char *text)
{
    size_t length = 0;
    while (text[length] != '\0')
        length++;
    return length;
}

static void say(const char *text)
{
    size_t length = length_of(text);
    while (length > 0) {
        long written = syscall(SYS_write, STDERR_FILENO, text, length);
        if (written < 0 && errno != EINTR)
            return;
        if (written > 0) {
            text += written;
            length -= (size_t)written;
        }
    }
}

static void say_error(const struct child_request *request, int error)
{
    char digits[12];
    char *digit = digits + sizeof digits - 1;
    if (error >= 0 && error < request->error_name_count && request->error_names[error] != NULL) {
        say(request->error_names[error]);
        return;
    }
    *digit = '\0';
    do {
        *--digit = (char)('0' + error % 10);
        error /= 10;
    } while (error > 0);
    say(digit);
}

static void give_up(const struct child_request *request, const char *complaint, int error)
{
    say(complaint);
    if (error >= 0) {
        say_error(request, error);
        say("\n");
    }
    say(request->closing);
    for (;;)
        syscall(SYS_exit_group, EXIT_NOT_SPAWNED);
}

static long perform(const struct child_step *step)
{
    switch (step->operation) {
    case NEW_GROUP:
        return syscall(SYS_setpgid, 0, 0);
    case NEW_SESSION:
        return syscall(SYS_setsid);
    case PLACE:
        return syscall(SYS_dup3, step->first, step->second, 0);
    case CLOSE_FROM:
        if (syscall(SYS_close_range, step->first, ~0U, 0) < 0)
            for (int64_t descriptor = step->first; descriptor < step->second; descriptor++)
                syscall(SYS_close, descriptor);
        return 0;
    case SET_GROUPS:
        return syscall(SYS_setgroups, step->first, step->data);
    case SET_GID:
        return syscall(SYS_setgid, step->first);
    case SET_UID:
        return syscall(SYS_setuid, step->first);
    case DROP_AMBIENT:
        /* Kernels before 4.3 have none. */
        syscall(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
        return 0;
    case CHANGE_DIRECTORY:
        return syscall(SYS_chdir, step->data);
    case SET_UMASK:
        syscall(SYS_umask, step->first);
        return 0;
    default:
        return -1;
    }
}

static int become_program(void *argument)
{
    const struct child_request *request = argument;

    /* Larger than the kernel's structure on any architecture; all zeros is SIG_DFL. */
    static const unsigned char default_action[64];
    static const uint64_t nothing_blocked;

    for (int signal = 1; signal <= LAST_SIGNAL; signal++)
        syscall(SYS_rt_sigaction, signal, default_action, NULL, KERNEL_SIGSET_SIZE);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &nothing_blocked, NULL, KERNEL_SIGSET_SIZE);
    for (int64_t i = 0; i < request->step_count; i++) {
        const struct child_step *step = &request->steps[i];
        if (perform(step) < 0)
            give_up(request, step->complaint, step->names_error ? errno : -1);
    }
    syscall(SYS_execve, request->path, request->arguments, request->environment);
    give_up(request, request->exec_complaint, errno);
    return EXIT_NOT_SPAWNED;
}

/* Returns the pid, or the negative error number of fork. */
int64_t supervisor_start_child(struct child_request *request)
{
    static const uint64_t all_blocked = ~(uint64_t)0;
    /* Of the child that shares memory; its parent waits here meanwhile. */
    unsigned char stack[STACK_SIZE] __attribute__((aligned(16)));
    uint64_t mask;
    long pid;
    int error;

    /* No handler of the runtime may run in the child. */
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all_blocked, &mask, KERNEL_SIGSET_SIZE);
    if (request->shares_memory) {
        pid = clone(become_program, stack + STACK_SIZE, CLONE_VM | CLONE_VFORK | SIGCHLD, request);
    } else {
        pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
        if (pid == 0)
            become_program(request);
    }
    error = errno;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, KERNEL_SIGSET_SIZE);
    return pid < 0 ? -error : pid;
}
