/*
 * A file system that becomes read-only while files on it are open for writing, as after an error of its disk. Linux
 * refuses such a remount. So this library (LD_PRELOAD) fails each call that would write below READ_ONLY_FOLDER with
 * EROFS, while the file READ_ONLY_FLAG exists.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static int is_refused(const char *path) {
  const char *folder = getenv("READ_ONLY_FOLDER"), *flag = getenv("READ_ONLY_FLAG");
  if (!folder || !flag || strncmp(path, folder, strlen(folder)) || access(flag, F_OK)) return 0;
  errno = EROFS;
  return 1;
}

static int is_refused_file(int file) {
  char link[32], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return is_refused(path);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* Calls that write to an open file. */
#define GUARD_FILE(type, name, parameters, ...)                  \
  type name parameters {                                         \
    return is_refused_file(file) ? -1 : NEXT(name)(__VA_ARGS__); \
  }

GUARD_FILE(ssize_t, write, (int file, const void *from, size_t size), file, from, size)
GUARD_FILE(ssize_t, writev, (int file, const struct iovec *from, int count), file, from, count)
GUARD_FILE(ssize_t, pwrite, (int file, const void *from, size_t size, off_t at), file, from, size, at)
GUARD_FILE(ssize_t, pwrite64, (int file, const void *from, size_t size, off64_t at), file, from, size, at)
GUARD_FILE(int, ftruncate, (int file, off_t size), file, size)
GUARD_FILE(int, ftruncate64, (int file, off64_t size), file, size)
GUARD_FILE(int, fallocate, (int file, int mode, off_t at, off_t size), file, mode, at, size)
GUARD_FILE(int, fallocate64, (int file, int mode, off64_t at, off64_t size), file, mode, at, size)
GUARD_FILE(int, fsync, (int file), file)
GUARD_FILE(int, fdatasync, (int file), file)

/* Calls that open a file. There is a mode only if the file may be created. */
#define GUARD_OPEN(name)                                                                   \
  int name(const char *path, int flags, ...) {                                             \
    if ((flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) && is_refused(path)) return -1;   \
    va_list rest;                                                                          \
    va_start(rest, flags);                                                                 \
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;                              \
    va_end(rest);                                                                          \
    return NEXT(name)(path, flags, mode);                                                  \
  }

GUARD_OPEN(open)
GUARD_OPEN(open64)

int unlink(const char *path) {
  return is_refused(path) ? -1 : NEXT(unlink)(path);
}

int rename(const char *from, const char *to) {
  return is_refused(from) || is_refused(to) ? -1 : NEXT(rename)(from, to);
}
