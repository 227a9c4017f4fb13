/* An event listener that does nothing but answer, and leaves a file when it has seen so many events.   listener COUNT FILE */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    char line[4096], body[65536];
    long seen = 0, wanted = argc > 2 ? atol(argv[1]) : 0;
    setvbuf(stdout, NULL, _IONBF, 0);
    for (;;) {
        fputs("READY\n", stdout);
        if (!fgets(line, sizeof line, stdin)) {
            return 0;
        }
        char *length = strstr(line, "len:");
        size_t size = length ? strtoul(length + 4, NULL, 10) : 0;
        if (size > sizeof body || fread(body, 1, size, stdin) != size) {
            return 1;
        }
        if (++seen == wanted) {
            close(open(argv[2], O_CREAT | O_WRONLY, 0644));
        }
        fputs("RESULT 2\nOK", stdout);
    }
}
