using System.Text;
using Supervisor.Core.CommandLine;
using Supervisor.Listeners;
using Supervisor.Listeners.Listeners;
using Supervisor.Listeners.Protocol;
using Supervisor.Rpc.Client;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;
using Supervisor.Unix;

const int UsageStatus = 255; // superlance's

ProcessStart.Prepare();

var (face, rest) = (Path.GetFileName(Environment.GetCommandLineArgs()[0]), args);
if (face == "supervisor-listeners")
{
    (face, rest) = args.Length > 0 ? (args[0], args[1..]) : ("", []);
}

using var errors = Console.OpenStandardError();

// The runtime has exceptions of other kinds for a closed output (EBADF) and a file size limit (EFBIG).
static bool IsUnwritable(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

void Tell(string text)
{
    try
    {
        errors.Write(Encoding.UTF8.GetBytes(text));
    }
    catch (Exception e) when (IsUnwritable(e))
    {
        // There is nowhere left to report it.
    }
}

(string Usage, Func<string[], IListenerWorld, IEventListener> Make)? found = face switch
{
    "crashmail" => (CrashMail.Usage, (a, w) => new CrashMail(a, w)),
    "fatalmailbatch" => (FatalMailBatch.Usage, (a, w) => new FatalMailBatch(a, w)),
    "httpok" => (HttpOk.Usage, (a, w) => new HttpOk(a, w)),
    "memmon" => (MemMon.Usage, (a, w) => new MemMon(a, w)),
    _ => null,
};
if (found is not { } listener)
{
    Tell("usage: supervisor-listeners crashmail|fatalmailbatch|httpok|memmon [options]\n");
    return UsageStatus;
}

if (rest.Any(a => a is "-h" or "--help"))
{
    try
    {
        using var output = Console.OpenStandardOutput();
        output.Write(Encoding.UTF8.GetBytes(listener.Usage));
        return 0;
    }
    catch (Exception e) when (IsUnwritable(e))
    {
        Tell($"{face}: {e.Message}\n");
        return 1;
    }
}

try
{
    if (Environment.GetEnvironmentVariable("SUPERVISOR_SERVER_URL") is not { Length: > 0 } url)
    {
        // The command line is still worth a look.
        listener.Make(rest, new SystemWorld(null!, errors));
        Tell($"{face} must be run as a supervisor event listener\n");
        return 1;
    }

    using var client = new SupervisorClient(new RpcClient(
        new RpcCodec(XmlRpcWriter.WriteCall, XmlRpcReader.ReadResponse), ServerAddress.Parse(url),
        Environment.GetEnvironmentVariable("SUPERVISOR_USERNAME"), Environment.GetEnvironmentVariable("SUPERVISOR_PASSWORD")));
    var handler = listener.Make(rest, new SystemWorld(client, errors));
    var channel = new ListenerChannel(Console.OpenStandardInput(), Console.OpenStandardOutput());
    while (channel.Next() is { } item)
    {
        handler.Handle(item);
        channel.Accept();
    }

    return 0;
}
catch (UsageException e)
{
    Tell($"{face}: {e.Message}\n{listener.Usage}");
    return UsageStatus;
}
catch (Exception e) when (e is RpcFaultException or RpcProtocolException or RpcClientException or InvalidDataException
    or System.Net.Sockets.SocketException || IsUnwritable(e))
{
    // The daemon starts it again; until then it must not take events it cannot act on.
    Tell($"{face}: {e.Message}\n");
    return 1;
}
