using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Supervisor.Core.Configuration.Model;

namespace Supervisor.Server.Http;

/// <summary>
/// TLS for one server. The only place that touches the framework's cryptography, and with it OpenSSL: a daemon without
/// <c>tls_certificate</c> never loads it (adr/0013).
/// </summary>
internal sealed class TlsServer
{
    // In the order in which the framework looks; where it finds none, it ends the process.
    private static readonly string[] s_libraries = ["libssl.so.3", "libssl.so.1.1"];

    private readonly SslServerAuthenticationOptions _options;

    private TlsServer(SslServerAuthenticationOptions options)
    {
        _options = options;
    }

    /// <summary>Null for a server without a certificate.</summary>
    /// <exception cref="TlsException">There is no OpenSSL, or the files are none that can be served.</exception>
    public static TlsServer? Create(HttpServerConfig config)
    {
        if (config.Certificate is not { } file)
        {
            return null;
        }

        if (!s_libraries.Any(name => NativeLibrary.TryLoad(name, out _)))
        {
            throw new TlsException($"[{config.Section}] has a tls_certificate, but OpenSSL ({string.Join(" or ", s_libraries)}) is not installed");
        }

        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            var certificate = X509Certificate2.CreateFromPemFile(file, config.CertificateKey ?? file);
            return new TlsServer(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            });
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new TlsException($"[{config.Section}] the certificate {file} with the key {config.CertificateKey ?? file} cannot be used: {e.Message}");
        }
    }

    /// <exception cref="TlsException">The client does not speak TLS, or none that we do.</exception>
    public async Task<TlsSession> AcceptAsync(Stream client, CancellationToken stopping)
    {
        var stream = new SslStream(client);
        try
        {
            await stream.AuthenticateAsServerAsync(_options, stopping);
            return new TlsSession(stream);
        }
        catch (AuthenticationException e)
        {
            await stream.DisposeAsync();
            throw new TlsException(e.Message);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }
}

/// <summary>One client's encrypted connection.</summary>
internal sealed class TlsSession(SslStream stream)
{
    /// <summary>Disposing of it disposes of the client's too.</summary>
    public Stream Stream => stream;

    /// <summary>Says goodbye, so that the client knows that it has everything.</summary>
    public Task EndAsync() => stream.ShutdownAsync();
}

/// <summary>Why a server cannot speak TLS; the message is for people.</summary>
public sealed class TlsException(string message) : Exception(message);
