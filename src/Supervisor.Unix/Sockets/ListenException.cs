using System.Globalization;
using Supervisor.Core.Ports;

namespace Supervisor.Unix;

/// <summary>An HTTP server that cannot listen; the message is the reference's text for the usage exit (DMN-019).</summary>
public sealed class ListenException : Exception
{
    private ListenException(string message)
        : base(message)
    {
    }

    internal static ListenException Of(int errno)
    {
        if (errno == Posix.EADDRINUSE)
        {
            return new ListenException(
                "Another program is already listening on a port that one of our HTTP servers is configured to use.  "
                + "Shut this program down first before starting supervisord.");
        }

        var number = errno.ToString(CultureInfo.InvariantCulture);
        var name = Posix.NameOf(errno);
        return Reported(name == number ? number : $"errno.{name} ({number})");
    }

    internal static ListenException Reported(string what) => new("Cannot open an HTTP server: socket.error reported " + what);

    internal static ListenException ChownRefused(string file, int uid, int gid, string user) => new(
        string.Create(CultureInfo.InvariantCulture, $"Not permitted to chown {file} to uid/gid ({uid}, {gid}); adjust \"sockchown\" value in ")
        + $"config file or on command line to values that the current user ({user}) can successfully chown");
}
