/* mbedTLS 2.28, both ends of a session over a wire in memory. */

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cookie.h>
#include <stdlib.h>
#include <string.h>

enum { WAITING = 16, MTU = 1152 };

/* Datagrams on their way in one direction. */
struct wire {
    unsigned char *datagram[WAITING];
    size_t length[WAITING], first, count;
};

struct end {
    mbedtls_ssl_context ssl;
    struct wire *in, *out;
    int timer;
};

struct pair {
    struct end client, server;
    struct wire up, down;
};

static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context drbg;
static mbedtls_ssl_config client_config, server_config;

static int push(void *context, const unsigned char *octets, size_t length) {
    struct wire *wire = ((struct end *) context)->out;
    if (wire->count == WAITING) abort();
    size_t at = (wire->first + wire->count++) % WAITING;
    wire->datagram[at] = malloc(length);
    memcpy(wire->datagram[at], octets, length);
    wire->length[at] = length;
    return (int) length;
}

static int pull(void *context, unsigned char *octets, size_t room) {
    struct wire *wire = ((struct end *) context)->in;
    if (wire->count == 0) return MBEDTLS_ERR_SSL_WANT_READ;
    size_t length = wire->length[wire->first];
    if (length > room) abort();
    memcpy(octets, wire->datagram[wire->first], length);
    free(wire->datagram[wire->first]);
    wire->first = (wire->first + 1) % WAITING;
    wire->count--;
    return (int) length;
}

/* No time passes. */
static void set_timer(void *context, uint32_t intermediate, uint32_t final) {
    (void) intermediate;
    ((struct end *) context)->timer = final != 0;
}

static int get_timer(void *context) { return ((struct end *) context)->timer ? 0 : -1; }

static int write_cookie(void *context, unsigned char **at, unsigned char *end, const unsigned char *who, size_t length) {
    (void) context, (void) who, (void) length;
    if (end - *at < 16) return MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL;
    memset(*at, 7, 16);
    *at += 16;
    return 0;
}

static int check_cookie(void *context, const unsigned char *cookie, size_t length, const unsigned char *who, size_t size) {
    (void) context, (void) who, (void) size;
    return length == 16 && cookie[0] == 7 ? 0 : -1;
}

static int configure(mbedtls_ssl_config *config, int role, const char *identity, const unsigned char *key) {
    static const int suites[] = {MBEDTLS_TLS_PSK_WITH_AES_128_CCM_8, 0};
    mbedtls_ssl_config_init(config);
    int failed =
        mbedtls_ssl_config_defaults(config, role, MBEDTLS_SSL_TRANSPORT_DATAGRAM, MBEDTLS_SSL_PRESET_DEFAULT);
    if (failed) return failed;
    mbedtls_ssl_conf_rng(config, mbedtls_ctr_drbg_random, &drbg);
    mbedtls_ssl_conf_ciphersuites(config, suites);
    mbedtls_ssl_conf_min_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
    mbedtls_ssl_conf_session_tickets(config, MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
    mbedtls_ssl_conf_dtls_cookies(config, write_cookie, check_cookie, NULL);
    return mbedtls_ssl_conf_psk(config, key, 16, (const unsigned char *) identity, strlen(identity));
}

int mbed_begin(const char *identity, const unsigned char *key) {
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&drbg);
    int failed = mbedtls_ctr_drbg_seed(&drbg, mbedtls_entropy_func, &entropy, NULL, 0);
    if (!failed) failed = configure(&client_config, MBEDTLS_SSL_IS_CLIENT, identity, key);
    if (!failed) failed = configure(&server_config, MBEDTLS_SSL_IS_SERVER, identity, key);
    return failed;
}

static int open_end(struct end *end, const mbedtls_ssl_config *config, struct wire *in, struct wire *out) {
    end->in = in;
    end->out = out;
    mbedtls_ssl_init(&end->ssl);
    mbedtls_ssl_set_bio(&end->ssl, end, push, pull, NULL);
    mbedtls_ssl_set_timer_cb(&end->ssl, end, set_timer, get_timer);
    mbedtls_ssl_set_mtu(&end->ssl, MTU);
    return mbedtls_ssl_setup(&end->ssl, config);
}

static void close_end(struct end *end) {
    while (end->in && end->in->count > 0) {
        unsigned char rest[2048];
        pull(end, rest, sizeof rest);
    }
    mbedtls_ssl_free(&end->ssl);
}

void mbed_end(struct pair *pair) {
    close_end(&pair->client);
    close_end(&pair->server);
    free(pair);
}

static int shake(struct end *end) {
    int result = mbedtls_ssl_handshake(&end->ssl);
    if (result == MBEDTLS_ERR_SSL_HELLO_VERIFY_REQUIRED) {
        mbedtls_ssl_session_reset(&end->ssl);
        mbedtls_ssl_set_client_transport_id(&end->ssl, (const unsigned char *) "peer", 4);
        return 1;
    }
    return result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE ? 1 : result;
}

struct pair *mbed_establish(void) {
    struct pair *pair = calloc(1, sizeof *pair);
    if (!pair || open_end(&pair->client, &client_config, &pair->down, &pair->up) ||
        open_end(&pair->server, &server_config, &pair->up, &pair->down)) {
        return NULL;
    }
    mbedtls_ssl_set_client_transport_id(&pair->server.ssl, (const unsigned char *) "peer", 4);
    for (int turn = 0; turn < 16; turn++) {
        int client = shake(&pair->client), server = shake(&pair->server);
        if (client == 0 && server == 0) return pair;
        if (client < 0 || server < 0) return NULL;
    }
    return NULL;
}

/* Only the server's end goes on. */
void mbed_forget_client(struct pair *pair) {
    mbedtls_ssl_free(&pair->client.ssl);
    mbedtls_ssl_init(&pair->client.ssl);
}

int mbed_record(struct pair *pair, const unsigned char *data, size_t length) {
    unsigned char received[256];
    if (mbedtls_ssl_write(&pair->client.ssl, data, length) != (int) length) return -1;
    return mbedtls_ssl_read(&pair->server.ssl, received, sizeof received);
}
