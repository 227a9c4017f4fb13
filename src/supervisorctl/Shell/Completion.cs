using System.Net.Sockets;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Ctl.Commands;
using Supervisor.Ctl.Output;
using Supervisor.Rpc.Client;
using Supervisor.Rpc.Contract;

namespace Supervisor.Ctl.Shell;

/// <summary>What Tab offers: commands, then groups or processes as the command takes them (CTL-022).</summary>
internal sealed class Completion(Func<IReadOnlyList<ProcessInfo>> fetch)
{
    private IReadOnlyList<ProcessInfo>? known;

    /// <summary>Forget the processes; the next Tab asks again.</summary>
    public void Forget() => known = null;

    /// <param name="line">All of the line before the cursor.</param>
    /// <param name="word">Its last word, which is to be completed.</param>
    /// <returns>Whole words, in the order to show.</returns>
    public IReadOnlyList<string> Complete(string line, string word)
    {
        var words = PythonText.Split(line);
        var candidates = words.Length == 0 || (words.Length == 1 && !line.EndsWith(' '))
            ? CommandTable.Names
            : For(words[0], word);
        return [.. candidates.Where(c => c.StartsWith(word, StringComparison.Ordinal)).Distinct()];
    }

    private IEnumerable<string> For(string command, string word) => CommandTable.Find(command)?.Takes switch
    {
        Argument.Command => CommandTable.Names,
        Argument.Group => Known().Select(p => p.Group),
        Argument.Process => Known().SelectMany(p => NamesOf(p, word)),
        _ => [],
    };

    private static IEnumerable<string> NamesOf(ProcessInfo process, string word) =>
        word.Contains(':') || process.Name != process.Group ? [$"{process.Group}:{process.Name}", $"{process.Group}:*"] : [process.Name];

    private IReadOnlyList<ProcessInfo> Known()
    {
        try
        {
            return known ??= fetch();
        }
        catch (Exception e) when (e is SocketException or RpcClientException or RpcProtocolException or RpcFaultException)
        {
            // Tab on a line is no place for an error; the command itself will tell.
            return [];
        }
    }
}
