/* The floor of HTTP: one thread, epoll, keep-alive, and the same answer to every request.   hello BYTES   prints its port. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static size_t request_length(const char *head, const char *body)
{
    const char *field = strstr(head, "Content-Length: ");
    return (body - head) + (field && field < body ? strtoul(field + 16, NULL, 10) : 0);
}

int main(int argc, char **argv)
{
    size_t size = argc > 1 ? strtoul(argv[1], NULL, 10) : 300;
    char *answer = malloc(size + 256);
    int head = sprintf(answer,
        "HTTP/1.1 200 OK\r\nServer: floor\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/xml\r\nContent-Length: %zu\r\n\r\n", size);
    memset(answer + head, 'x', size);
    size += head;

    int listener = socket(AF_INET, SOCK_STREAM, 0), loop = epoll_create1(0), one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (bind(listener, (void *)&address, length) || listen(listener, 128) || getsockname(listener, (void *)&address, &length)) {
        return 1;
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(loop, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        struct epoll_event ready[64];
        int count = epoll_wait(loop, ready, 64, -1);
        for (int i = 0; i < count; i++) {
            int client = ready[i].data.fd;
            if (client == listener) {
                event.data.fd = accept(listener, NULL, NULL);
                setsockopt(event.data.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                epoll_ctl(loop, EPOLL_CTL_ADD, event.data.fd, &event);
                continue;
            }
            char buffer[16384];
            ssize_t got = read(client, buffer, sizeof buffer - 1);
            if (got <= 0) {
                close(client);
                continue;
            }
            buffer[got] = 0;
            char *end = strstr(buffer, "\r\n\r\n");
            if (!end || request_length(buffer, end + 4) != (size_t)got) {
                return 2; /* the load generator sends a request in one piece */
            }
            for (size_t done = 0; done < size;) {
                ssize_t written = write(client, answer + done, size - done);
                if (written <= 0) {
                    break;
                }
                done += written;
            }
        }
    }
}
