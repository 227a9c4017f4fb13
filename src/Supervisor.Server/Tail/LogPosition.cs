using System.Globalization;

namespace Supervisor.Server.Tail;

/// <summary>A place in a log that outlives a connection; as text <c>INODE-OFFSET</c>.</summary>
/// <param name="Inode">Tells the file from its successor of the same name.</param>
/// <param name="Offset">In bytes.</param>
internal readonly record struct LogPosition(ulong Inode, long Offset)
{
    /// <summary>Null for what is no position: clients send back what they like.</summary>
    public static LogPosition? Parse(string? text)
    {
        var parts = (text ?? "").Split('-');
        return parts.Length == 2
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var inode)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
                ? new LogPosition(inode, offset)
                : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Inode}-{Offset}");
}
